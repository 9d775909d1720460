#include "unit.h"

using namespace clang;

namespace kport {

Entry Unit::list(const InitListExpr *expr) {
  Entry entry("list");
  std::vector<unsigned> items, fields;
  // `[0 ... 255] = x` is one expression in 256 places, and what stands between designators is many zeros.
  llvm::DenseMap<const Expr *, unsigned> same;
  std::optional<unsigned> zero;
  auto enter = [&](const Expr *item) {
    if (isa<ImplicitValueInitExpr>(item) && expr->getType()->isArrayType()) {
      if (!zero)
        zero = expression(item);
      return *zero;
    }
    auto found = same.find(item);
    if (found != same.end())
      return found->second;
    unsigned node = expression(item);
    same[item] = node;
    return node;
  };
  if (auto *recordType = expr->getType()->getAs<RecordType>()) {
    const RecordDecl *record = recordType->getDecl()->getDefinition();
    if (record->isUnion()) {
      if (const FieldDecl *field = expr->getInitializedFieldInUnion(); field && expr->getNumInits() > 0) {
        items.push_back(enter(expr->getInit(0)));
        fields.push_back(field->getFieldIndex());
      }
    } else {
      unsigned i = 0;
      for (const FieldDecl *field : record->fields()) {
        if (field->isUnnamedBitField())
          continue;
        if (i >= expr->getNumInits())
          break;
        if (const Expr *item = expr->getInit(i++)) {
          items.push_back(enter(item));
          fields.push_back(field->getFieldIndex());
        }
      }
    }
    return entry.list("items", items).list("fields", fields);
  }
  const Expr *filler = expr->getArrayFiller();
  for (const Expr *item : expr->inits())
    items.push_back(enter(item ? item : filler));
  entry.list("items", items);
  if (filler)
    entry.number("rest", enter(filler));
  return entry;
}

} // namespace kport
