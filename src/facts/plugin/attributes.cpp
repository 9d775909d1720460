#include "unit.h"

using namespace clang;

namespace kport {

static std::vector<std::string> arguments(const Attr *attribute, ASTContext &context) {
  if (auto *a = dyn_cast<SectionAttr>(attribute))
    return {a->getName().str()};
  if (auto *a = dyn_cast<AliasAttr>(attribute))
    return {a->getAliasee().str()};
  if (auto *a = dyn_cast<AsmLabelAttr>(attribute))
    return {a->getLabel().str()};
  if (auto *a = dyn_cast<AlignedAttr>(attribute))
    return {std::to_string(a->getAlignment(context) / context.getCharWidth())};
  if (auto *a = dyn_cast<CleanupAttr>(attribute))
    return {a->getFunctionDecl()->getName().str()};
  if (auto *a = dyn_cast<VisibilityAttr>(attribute))
    return {VisibilityAttr::ConvertVisibilityTypeToStr(a->getVisibility())};
  if (auto *a = dyn_cast<FormatAttr>(attribute))
    return {a->getType()->getName().str(), std::to_string(a->getFormatIdx()), std::to_string(a->getFirstArg())};
  if (auto *a = dyn_cast<NoSanitizeAttr>(attribute)) {
    std::vector<std::string> out;
    for (StringRef name : a->sanitizers())
      out.push_back(name.str());
    return out;
  }
  if (auto *a = dyn_cast<TargetAttr>(attribute))
    return {a->getFeaturesStr().str()};
  if (auto *a = dyn_cast<ErrorAttr>(attribute))
    return {a->getUserDiagnostic().str()};
  if (auto *a = dyn_cast<DeprecatedAttr>(attribute))
    return {a->getMessage().str()};
  if (auto *a = dyn_cast<ModeAttr>(attribute))
    return {a->getMode()->getName().str()};
  if (auto *a = dyn_cast<PatchableFunctionEntryAttr>(attribute))
    return {std::to_string(a->getCount()), std::to_string(a->getOffset())};
  if (auto *a = dyn_cast<AnnotateAttr>(attribute))
    return {a->getAnnotation().str()};
  if (auto *a = dyn_cast<BTFDeclTagAttr>(attribute))
    return {a->getBTFDeclTag().str()};
  return {};
}

/// Those that were written, by their names without underscores.
void Unit::attributes(Entry &entry, const Decl *decl) {
  std::string list = "[";
  for (const Attr *attribute : decl->attrs()) {
    if (attribute->isImplicit() || isa<AsmLabelAttr>(attribute))
      continue;
    if (auto *cleanup = dyn_cast<CleanupAttr>(attribute))
      declaration(cleanup->getFunctionDecl());
    Entry one;
    one.text("name", attribute->getSpelling());
    std::vector<std::string> given = arguments(attribute, context);
    if (!given.empty())
      one.texts("arguments", given);
    list += (list.size() > 1 ? "," : "") + one.object();
  }
  if (list.size() > 1)
    entry.raw("attributes", list + "]");
}

void Unit::linkage(Entry &entry, const NamedDecl *decl) {
  if (auto *label = decl->getAttr<AsmLabelAttr>())
    entry.text("symbol", label->getLabel());
  attributes(entry, decl);
  if (auto *section = decl->getAttr<SectionAttr>(); section && !section->isImplicit())
    entry.text("section", section->getName());
  if (auto *alias = decl->getAttr<AliasAttr>())
    entry.text("alias", alias->getAliasee());
}

} // namespace kport
