#include "answers.h"
#include "visit.h"
#include "clang/AST/RecordLayout.h"

using namespace clang;

namespace kport {

class Records : public Everywhere<Records> {
public:
  explicit Records(ASTContext &context) : Everywhere(context) {}

  bool VisitRecordDecl(RecordDecl *record) {
    if (record->isCompleteDefinition() && !record->isInvalidDecl() && seen.insert(record).second)
      entries.push_back(entry(record));
    return true;
  }

  /// clang makes `struct __va_list_tag` itself, and puts it nowhere; it has to be laid out where there is one.
  bool VisitVarDecl(VarDecl *variable) {
    auto *record = isa<ParmVarDecl>(variable) ? nullptr : context.getBaseElementType(variable->getType())->getAs<RecordType>();
    return !record || !record->getDecl()->isImplicit() || VisitRecordDecl(record->getDecl());
  }

  std::vector<std::string> entries;

private:
  std::string entry(const RecordDecl *record) {
    const ASTRecordLayout &layout = context.getASTRecordLayout(record);
    Entry one;
    one.text("id", idOf(record));
    if (!record->getName().empty())
      one.text("name", record->getName());
    one.number("size", layout.getSize().getQuantity()).number("align", layout.getAlignment().getQuantity());
    std::string fields = "[";
    for (const FieldDecl *field : record->fields())
      fields += (fields.size() > 1 ? "," : "") + this->field(field, layout.getFieldOffset(field->getFieldIndex()));
    return one.raw("fields", fields + "]").object();
  }

  std::string field(const FieldDecl *field, uint64_t first) {
    Entry one;
    one.text("id", idOf(field));
    if (!field->getName().empty())
      one.text("name", field->getName());
    one.number("first", first);
    if (field->isBitField())
      return one.number("width", field->getBitWidthValue(context)).object();
    QualType type = field->getType();
    // A flexible array has no size.
    if (!type->isIncompleteArrayType())
      one.number("size", context.getTypeSizeInChars(type).getQuantity());
    // Named as it is, and without the outermost name: a name may give an alignment.
    one.number("align", context.getTypeAlignInChars(type).getQuantity()).number("bare", context.getTypeAlignInChars(type.getDesugaredType(context)).getQuantity());
    if (auto *record = type->getAs<RecordType>()) {
      RecordDecl *definition = record->getDecl()->getDefinition();
      VisitRecordDecl(definition);
      one.text("record", idOf(definition));
    }
    return one.object();
  }

  llvm::DenseSet<const RecordDecl *> seen;
};

std::string recordTable(ASTContext &context) {
  Records records(context);
  records.visitAll();
  std::string out = "[";
  for (const std::string &entry : records.entries)
    out += (out.size() > 1 ? "," : "") + entry;
  return out + "]";
}

} // namespace kport
