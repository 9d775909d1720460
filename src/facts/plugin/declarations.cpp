#include "unit.h"
#include "llvm/ADT/StringExtras.h"
#include "clang/AST/RecordLayout.h"

using namespace clang;

namespace kport {

void Unit::enterOwn() {
  std::vector<const Decl *> own;
  for (const Decl *decl : context.getTranslationUnitDecl()->decls()) {
    if (decl->isImplicit() || !sources.isOwn(decl->getLocation()))
      continue;
    if (!isa<FunctionDecl, VarDecl, RecordDecl, EnumDecl, TypedefDecl>(decl))
      continue;
    own.push_back(decl);
  }
  llvm::DenseMap<const Decl *, const Decl *> place;
  for (const Decl *decl : own) {
    const Decl *&where = place[decl->getCanonicalDecl()];
    auto *function = dyn_cast<FunctionDecl>(decl);
    auto *variable = dyn_cast<VarDecl>(decl);
    auto *tag = dyn_cast<TagDecl>(decl);
    bool defines = (function && function->isThisDeclarationADefinition()) || (variable && variable->isThisDeclarationADefinition() == VarDecl::Definition) || (tag && tag->isThisDeclarationADefinition());
    if (where == nullptr || defines)
      where = decl;
  }
  for (const Decl *decl : own) {
    if (place[decl->getCanonicalDecl()] != decl)
      continue;
    if (auto *record = dyn_cast<RecordDecl>(decl))
      look(record);
    top.push_back(declaration(decl));
    drain();
  }
}

std::string Unit::topTable() const {
  Entry entry;
  entry.list("top", top);
  std::string text = entry.object();
  return text.substr(7, text.size() - 8);
}

unsigned Unit::declaration(const Decl *decl) {
  decl = decl->getCanonicalDecl();
  auto [slot, isNew] = declarationIndexes.try_emplace(decl, declarations.size());
  if (isNew) {
    declarations.emplace_back();
    waiting.push_back(decl);
  }
  return slot->second;
}

unsigned Unit::declareNow(const Decl *decl) {
  unsigned index = declaration(decl);
  fill(decl->getCanonicalDecl());
  return index;
}

void Unit::drain() {
  while (!waiting.empty()) {
    const Decl *decl = waiting.front();
    waiting.pop_front();
    fill(decl);
  }
}

void Unit::fill(const Decl *decl) {
  if (!filled.insert(decl).second)
    return;
  std::string outer = place, text;
  if (auto *function = dyn_cast<FunctionDecl>(decl))
    text = functionEntry(function);
  else if (auto *variable = dyn_cast<VarDecl>(decl))
    text = variableEntry(variable);
  else if (auto *record = dyn_cast<RecordDecl>(decl))
    text = recordEntry(record);
  else if (auto *enumeration = dyn_cast<EnumDecl>(decl))
    text = enumEntry(enumeration);
  else if (auto *enumerator = dyn_cast<EnumConstantDecl>(decl)) {
    Entry entry = named("enumerator", enumerator);
    entry.text("value", toString(enumerator->getInitVal(), 10)).number("enum", declaration(cast<EnumDecl>(enumerator->getDeclContext())));
    text = entry.object();
  } else if (auto *alias = dyn_cast<TypedefNameDecl>(decl)) {
    Entry entry = named("typedef", alias);
    entry.number("type", type(alias->getUnderlyingType()));
    text = entry.object();
  } else
    text = named("label", cast<NamedDecl>(decl)).object();
  declarations[declarationIndexes[decl]] = text;
  place = outer;
}

void Unit::where(Entry &entry, SourceRange range) {
  std::optional<std::string> found = sources.place(range);
  if (found)
    entry.raw("place", place = *found);
  if (unsigned path = found ? macros.path(range) : 0)
    entry.number("p", path);
}

Entry Unit::named(StringRef kind, const NamedDecl *decl) {
  Entry entry(kind);
  entry.text("name", decl->getName());
  where(entry, decl->getSourceRange());
  return entry;
}

static bool holdsAssembly(const Stmt *stmt) {
  if (stmt == nullptr)
    return false;
  if (isa<AsmStmt>(stmt))
    return true;
  return llvm::any_of(stmt->children(), holdsAssembly);
}

std::string Unit::functionEntry(const FunctionDecl *first) {
  const FunctionDecl *definition = first->getDefinition();
  const FunctionDecl *last = definition ? definition : first->getMostRecentDecl();
  Entry entry = named("function", last);
  entry.number("type", type(last->getType()));
  entry.text("storage", last->getFormalLinkage() == Linkage::Internal ? "static" : last->getStorageClass() == SC_Extern ? "extern" : "none").flag("inline", last->isInlined());
  // The last declaration has inherited the attributes of all others.
  linkage(entry, first->getMostRecentDecl());
  // An alias defines a symbol, but has no body.
  const Stmt *body = definition ? definition->getBody() : nullptr;
  entry.flag("defined", body != nullptr);
  look(last->getReturnType());
  for (const ParmVarDecl *parameter : last->parameters())
    look(parameter->getType());
  // A header's function that holds assembly stays in C, with all that only it reaches.
  if (body && (sources.isOwn(definition->getLocation()) || !holdsAssembly(body))) {
    std::vector<unsigned> parameters;
    for (const ParmVarDecl *parameter : definition->parameters())
      parameters.push_back(declareNow(parameter));
    entry.list("parameters", parameters).number("body", statement(body));
  }
  return entry.object();
}

std::string Unit::variableEntry(const VarDecl *first) {
  const VarDecl *definition = first->getDefinition();
  const VarDecl *last = definition ? definition : first->getMostRecentDecl();
  bool isParameter = isa<ParmVarDecl>(last), isBlock = last->isLocalVarDecl();
  // An array takes its length from the last declaration.
  const VarDecl *complete = isParameter ? last : first->getMostRecentDecl();
  Entry entry = named("variable", last);
  entry.number("type", type(complete->getType()));
  entry.text("scope", isParameter ? "parameter" : isBlock ? "block" : "file");
  StorageClass storage = last->getStorageClass();
  bool isStatic = storage == SC_Static || (!isParameter && !isBlock && last->getFormalLinkage() == Linkage::Internal);
  entry.text("storage", isStatic ? "static" : storage == SC_Extern || storage == SC_PrivateExtern ? "extern" : storage == SC_Register ? "register" : "none");
  entry.flag("tls", last->getTLSKind() != VarDecl::TLS_None);
  linkage(entry, complete);
  if (complete->hasAttr<AlignedAttr>())
    entry.number("aligned", complete->getMaxAlignment() / context.getCharWidth());
  bool isDefined = isParameter || isBlock || last->hasDefinition() != VarDecl::DeclarationOnly;
  entry.flag("defined", isDefined);
  if (isDefined)
    look(complete->getType());
  // A parameter is a pointer, however long its array is said to be.
  if (!isParameter && sources.isOwn(last->getLocation()))
    bounds(entry, last);
  const VarDecl *with = nullptr;
  const Expr *initialiser = isParameter ? nullptr : first->getAnyInitializer(with);
  if (initialiser && (isBlock || sources.isOwn(with->getLocation())))
    entry.number("initialiser", expression(initialiser));
  return entry.object();
}

/// How long an array is said to be where it is declared, dimension by dimension; of bare numbers the type says as much.
void Unit::bounds(Entry &entry, const DeclaratorDecl *decl) {
  if (!decl->getType()->isConstantArrayType() || decl->getTypeSourceInfo() == nullptr)
    return;
  std::vector<const Expr *> sizes;
  bool isNumber = true;
  for (TypeLoc loc = decl->getTypeSourceInfo()->getTypeLoc().IgnoreParens(); auto array = loc.getAsAdjusted<ArrayTypeLoc>(); loc = array.getElementLoc().IgnoreParens()) {
    const Expr *size = array.getSizeExpr();
    // What follows belongs to dimensions further in.
    if (size == nullptr || !array.getType()->isConstantArrayType())
      return;
    isNumber &= isa<IntegerLiteral>(stripped(size)) && size->getBeginLoc().isFileID();
    sizes.push_back(size);
  }
  if (!isNumber)
    entry.list("bounds", expressions(sizes));
}

std::string Unit::recordEntry(const RecordDecl *first) {
  const RecordDecl *definition = first->getDefinition();
  const RecordDecl *record = definition ? definition : first;
  Entry entry("record");
  entry.text("tag", record->isUnion() ? "union" : "struct");
  if (!record->getName().empty())
    entry.text("name", record->getName());
  where(entry, record->getSourceRange());
  if (const TypedefNameDecl *alias = record->getTypedefNameForAnonDecl())
    entry.text("typedef", alias->getName());
  attributes(entry, record);
  if (definition == nullptr || definition->isInvalidDecl())
    return entry.object();
  const ASTRecordLayout &layout = context.getASTRecordLayout(definition);
  entry.number("size", layout.getSize().getQuantity()).number("align", layout.getAlignment().getQuantity()).flag("packed", definition->hasAttr<PackedAttr>());
  if (!isLookedInto(first))
    return entry.object();
  std::string fields = "[";
  for (const FieldDecl *field : definition->fields()) {
    look(field->getType());
    Entry one;
    if (!field->getName().empty())
      one.text("name", field->getName());
    one.number("type", type(field->getType())).number("offset", layout.getFieldOffset(field->getFieldIndex()));
    if (field->isBitField())
      one.number("width", field->getBitWidthValue(context));
    if (sources.isOwn(record->getLocation()))
      bounds(one, field);
    one.raw("place", sources.place(field->getSourceRange()).value_or(place));
    fields += (fields.size() > 1 ? "," : "") + one.object();
  }
  return entry.raw("fields", fields + "]").object();
}

std::string Unit::enumEntry(const EnumDecl *first) {
  const EnumDecl *definition = first->getDefinition();
  const EnumDecl *decl = definition ? definition : first;
  Entry entry("enum");
  if (!decl->getName().empty())
    entry.text("name", decl->getName());
  if (const TypedefNameDecl *alias = decl->getTypedefNameForAnonDecl())
    entry.text("typedef", alias->getName());
  where(entry, decl->getSourceRange());
  if (!decl->getIntegerType().isNull())
    entry.number("type", type(decl->getIntegerType()));
  std::vector<unsigned> enumerators;
  for (const EnumConstantDecl *enumerator : decl->enumerators())
    enumerators.push_back(declaration(enumerator));
  return entry.list("enumerators", enumerators).object();
}

} // namespace kport
