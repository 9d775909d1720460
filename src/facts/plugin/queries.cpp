#include "answers.h"
#include "visit.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/TypeLoc.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace kport {

class Queries : public Everywhere<Queries> {
public:
  explicit Queries(ASTContext &context) : Everywhere(context) {}

  bool VisitTypeOfExprTypeLoc(TypeOfExprTypeLoc loc) { return type(loc.getTypeofLoc(), loc.getType()); }
  bool VisitTypeOfTypeLoc(TypeOfTypeLoc loc) { return type(loc.getTypeofLoc(), loc.getType()); }
  bool VisitTypeTraitExpr(TypeTraitExpr *expr) { return value(expr); }
  bool VisitUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr *expr) { return value(expr); }
  bool VisitOffsetOfExpr(OffsetOfExpr *expr) { return value(expr); }
  /// What is asked is which of the two is taken.
  bool VisitChooseExpr(ChooseExpr *expr) {
    Entry entry;
    entry.text("value", expr->isConditionTrue() ? "1" : "0");
    return add(expr->getBeginLoc(), entry);
  }
  bool VisitCallExpr(CallExpr *expr) {
    unsigned builtin = expr->getBuiltinCallee();
    return (builtin != Builtin::BI__builtin_object_size && builtin != Builtin::BI__builtin_dynamic_object_size) || value(expr);
  }

  std::string table() const {
    std::string out = "[";
    for (const std::string &entry : entries)
      out += (out.size() > 1 ? "," : "") + entry;
    return out + "]";
  }

private:
  bool type(SourceLocation at, QualType asked) {
    QualType canonical = asked.getCanonicalType();
    Entry entry;
    if (canBeSpelled(canonical))
      entry.text("type", canonical.getAsString(context.getPrintingPolicy()));
    return add(at, entry);
  }

  bool value(const Expr *expr) {
    Expr::EvalResult result;
    Entry entry;
    if (expr->EvaluateAsInt(result, context))
      entry.text("value", llvm::toString(result.Val.getInt(), 10));
    return add(expr->getBeginLoc(), entry);
  }

  bool add(SourceLocation at, const Entry &entry) {
    const SourceManager &sources = context.getSourceManager();
    // What is preprocessed has one file.
    if (!at.isFileID() || sources.getFileID(at) != sources.getMainFileID())
      return true;
    unsigned offset = sources.getFileOffset(at);
    if (!seen.insert(offset).second)
      return true;
    Entry whole;
    whole.number("at", offset).with(entry);
    entries.push_back(whole.object());
    return true;
  }

  /// Not what has no name, and not what has a length that is found at run time.
  bool canBeSpelled(QualType type) {
    const Type *t = type.getTypePtr();
    if (auto *tag = dyn_cast<TagType>(t))
      return tag->getDecl()->getIdentifier() != nullptr || tag->getDecl()->getTypedefNameForAnonDecl() != nullptr;
    if (auto *pointer = dyn_cast<PointerType>(t))
      return canBeSpelled(pointer->getPointeeType());
    if (auto *array = dyn_cast<ArrayType>(t))
      return !isa<VariableArrayType>(array) && canBeSpelled(array->getElementType());
    if (auto *atomic = dyn_cast<AtomicType>(t))
      return canBeSpelled(atomic->getValueType());
    if (auto *function = dyn_cast<FunctionType>(t)) {
      auto *prototype = dyn_cast<FunctionProtoType>(function);
      return canBeSpelled(function->getReturnType()) && (!prototype || llvm::all_of(prototype->param_types(), [&](QualType p) { return canBeSpelled(p); }));
    }
    return true;
  }

  std::vector<std::string> entries;
  llvm::DenseSet<unsigned> seen;
};

std::string queryTable(ASTContext &context) {
  Queries queries(context);
  queries.visitAll();
  return queries.table();
}

} // namespace kport
