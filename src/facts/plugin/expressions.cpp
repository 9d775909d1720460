#include "unit.h"
#include "llvm/ADT/StringExtras.h"
#include "clang/Basic/Builtins.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace kport {

unsigned Unit::append(Entry entry, SourceRange range, bool isConstant) {
  std::optional<std::string> found = sources.place(range);
  entry.raw("place", found ? *found : place);
  if (unsigned path = found ? macros.path(range) : 0)
    entry.number("p", path);
  nodes.push_back(entry.object());
  known.push_back(isConstant);
  return nodes.size() - 1;
}

/// Without what only groups or chooses.
const Expr *Unit::stripped(const Expr *expr) const {
  for (;;) {
    if (auto *paren = dyn_cast<ParenExpr>(expr))
      expr = paren->getSubExpr();
    else if (auto *constant = dyn_cast<ConstantExpr>(expr))
      expr = constant->getSubExpr();
    else if (auto *generic = dyn_cast<GenericSelectionExpr>(expr))
      expr = generic->getResultExpr();
    else if (auto *choose = dyn_cast<ChooseExpr>(expr))
      expr = choose->getChosenSubExpr();
    else if (auto *unary = dyn_cast<UnaryOperator>(expr); unary && unary->getOpcode() == UO_Extension)
      expr = unary->getSubExpr();
    else if (auto *opaque = dyn_cast<OpaqueValueExpr>(expr); opaque && opaque->getSourceExpr())
      expr = opaque->getSourceExpr();
    else if (auto *list = dyn_cast<InitListExpr>(expr)) {
      if (!list->isSemanticForm() && list->getSemanticForm()) {
        expr = list->getSemanticForm();
        continue;
      }
      // `{ x }` for a scalar, `{ "text" }` for an array of characters.
      bool isOne = list->getNumInits() == 1 && (list->isStringLiteralInit() || list->isTransparent() || list->getType()->isScalarType());
      if (!isOne)
        return expr;
      expr = list->getInit(0);
    } else
      return expr;
  }
}

unsigned Unit::expression(const Expr *given) {
  const Expr *expr = stripped(given);
  QualType valueType = expr->getType();
  look(valueType);
  bool mayBeConstant = true;
  Entry entry = expressionEntry(expr, mayBeConstant);
  entry.number("t", type(valueType)).flag("lv", expr->isLValue());
  bool isConstant = false;
  if (mayBeConstant && !expr->isLValue() && valueType->isIntegralOrEnumerationType()) {
    Expr::EvalResult result;
    if (expr->EvaluateAsInt(result, context, Expr::SE_NoSideEffects) && !result.HasSideEffects) {
      isConstant = true;
      entry.text("v", toString(result.Val.getInt(), 10));
    }
  }
  return append(entry, expr->getSourceRange(), isConstant);
}

std::vector<unsigned> Unit::expressions(ArrayRef<const Expr *> exprs) {
  std::vector<unsigned> out;
  for (const Expr *expr : exprs)
    out.push_back(expression(expr));
  return out;
}

static ArrayRef<const Expr *> constant(Expr *const *begin, size_t count) { return ArrayRef<const Expr *>(const_cast<const Expr *const *>(begin), count); }

Entry Unit::expressionEntry(const Expr *expr, bool &mayBeConstant) {
  if (auto *e = dyn_cast<CastExpr>(expr)) {
    unsigned of = expression(e->getSubExpr());
    // A whole number is constant where what it is made of is: asking clang again at every level is quadratic.
    if (e->getSubExpr()->getType()->isIntegralOrEnumerationType() && !e->getSubExpr()->isLValue())
      mayBeConstant = isKnown(of);
    Entry entry("cast");
    return entry.text("kind", e->getCastKindName()).number("of", of).flag("explicit", isa<ExplicitCastExpr>(e));
  }
  if (auto *e = dyn_cast<DeclRefExpr>(expr)) {
    Entry entry("reference");
    return entry.number("decl", declaration(e->getDecl()));
  }
  if (auto *e = dyn_cast<MemberExpr>(expr))
    return member(e);
  if (isa<IntegerLiteral, CharacterLiteral, FloatingLiteral, StringLiteral, PredefinedExpr>(expr))
    return literal(expr);
  if (auto *e = dyn_cast<UnaryOperator>(expr))
    return unary(e, mayBeConstant);
  if (auto *e = dyn_cast<BinaryOperator>(expr))
    return binary(e, mayBeConstant);
  if (auto *e = dyn_cast<CallExpr>(expr)) {
    unsigned callee = expression(e->getCallee());
    std::vector<unsigned> arguments = expressions(constant(const_cast<CallExpr *>(e)->getArgs(), e->getNumArgs()));
    Entry entry("call");
    entry.number("callee", callee).list("arguments", arguments);
    unsigned builtin = e->getBuiltinCallee();
    if (builtin != 0)
      entry.text("builtin", context.BuiltinInfo.getName(builtin));
    mayBeConstant = builtin != 0;
    return entry;
  }
  if (auto *e = dyn_cast<ArraySubscriptExpr>(expr)) {
    unsigned base = expression(e->getBase()), index = expression(e->getIdx());
    Entry entry("subscript");
    return entry.number("base", base).number("index", index);
  }
  if (auto *e = dyn_cast<ConditionalOperator>(expr)) {
    unsigned condition = expression(e->getCond()), then = expression(e->getTrueExpr()), otherwise = expression(e->getFalseExpr());
    Entry entry("conditional");
    return entry.number("condition", condition).number("then", then).number("else", otherwise);
  }
  if (auto *e = dyn_cast<BinaryConditionalOperator>(expr)) {
    unsigned condition = expression(e->getCommon()), otherwise = expression(e->getFalseExpr());
    Entry entry("conditional");
    return entry.number("condition", condition).number("else", otherwise);
  }
  if (auto *e = dyn_cast<StmtExpr>(expr)) {
    unsigned body = statement(e->getSubStmt());
    Entry entry("statement-expression");
    return entry.number("body", body);
  }
  if (auto *e = dyn_cast<InitListExpr>(expr))
    return list(e);
  if (isa<ImplicitValueInitExpr>(expr))
    return Entry("zero");
  if (auto *e = dyn_cast<CompoundLiteralExpr>(expr)) {
    unsigned initialiser = expression(e->getInitializer());
    Entry entry("compound-literal");
    return entry.number("initialiser", initialiser);
  }
  if (auto *e = dyn_cast<OffsetOfExpr>(expr))
    return offsetOf(e);
  return other(expr);
}

} // namespace kport
