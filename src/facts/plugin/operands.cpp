#include "unit.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace kport {

static std::string hex(StringRef bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string out;
  for (unsigned char c : bytes) {
    out += digits[c >> 4];
    out += digits[c & 15];
  }
  return out;
}

Entry Unit::literal(const Expr *expr) {
  if (auto *predefined = dyn_cast<PredefinedExpr>(expr)) {
    // `__func__` and its kin.
    const StringLiteral *name = predefined->getFunctionName();
    Entry entry("string");
    return entry.text("bytes", name ? hex(name->getBytes()) : "").number("unit", 1).text("predefined", PredefinedExpr::getIdentKindName(predefined->getIdentKind()));
  }
  if (auto *text = dyn_cast<StringLiteral>(expr)) {
    Entry entry("string");
    return entry.text("bytes", hex(text->getBytes())).number("unit", text->getCharByteWidth());
  }
  SmallString<32> buffer;
  // A literal that was pasted together is spelled in scratch space.
  StringRef spelling = Lexer::getSpelling(sources.manager.getSpellingLoc(expr->getBeginLoc()), buffer, sources.manager, sources.options);
  Entry entry(isa<IntegerLiteral>(expr) ? "integer" : isa<CharacterLiteral>(expr) ? "character" : "floating");
  return entry.text("spelling", spelling);
}

static const char *spelled(UnaryOperatorKind op) {
  switch (op) {
  case UO_PreInc:
    return "++_";
  case UO_PreDec:
    return "--_";
  case UO_PostInc:
    return "_++";
  case UO_PostDec:
    return "_--";
  default:
    return UnaryOperator::getOpcodeStr(op).data();
  }
}

Entry Unit::unary(const UnaryOperator *expr, bool &mayBeConstant) {
  const Expr *sub = expr->getSubExpr();
  unsigned of = expression(sub);
  mayBeConstant = !expr->isIncrementDecrementOp() && (!sub->getType()->isIntegralOrEnumerationType() || isKnown(of));
  if (expr->isIncrementDecrementOp() && sub->getType()->isPointerType())
    look(sub->getType()->getPointeeType());
  Entry entry("unary");
  return entry.text("op", spelled(expr->getOpcode())).number("of", of);
}

Entry Unit::binary(const BinaryOperator *expr, bool &mayBeConstant) {
  unsigned left = expression(expr->getLHS()), right = expression(expr->getRHS());
  auto isInteger = [](const Expr *e) { return e->getType()->isIntegralOrEnumerationType(); };
  // `0 && x` is constant whatever x is.
  mayBeConstant = !expr->isAssignmentOp() && (!isInteger(expr->getLHS()) || isKnown(left)) && (expr->isLogicalOp() || !isInteger(expr->getRHS()) || isKnown(right));
  if (expr->isAdditiveOp() || expr->isCompoundAssignmentOp())
    for (const Expr *side : {expr->getLHS(), expr->getRHS()})
      if (side->getType()->isPointerType())
        look(side->getType()->getPointeeType());
  Entry entry(expr->isAssignmentOp() ? "assignment" : "binary");
  entry.text("op", expr->getOpcodeStr()).number("left", left).number("right", right);
  if (auto *compound = dyn_cast<CompoundAssignOperator>(expr))
    entry.number("computed", type(compound->getComputationResultType()));
  return entry;
}

Entry Unit::member(const MemberExpr *expr) {
  unsigned base = expression(expr->getBase());
  auto *field = cast<FieldDecl>(expr->getMemberDecl());
  look(field->getParent());
  Entry entry("member");
  return entry.number("base", base).flag("arrow", expr->isArrow()).number("record", declaration(field->getParent())).number("field", field->getFieldIndex());
}

Entry Unit::offsetOf(const OffsetOfExpr *expr) {
  std::string steps = "[";
  for (unsigned i = 0; i < expr->getNumComponents(); i++) {
    const OffsetOfNode &component = expr->getComponent(i);
    Entry step;
    if (component.getKind() == OffsetOfNode::Array)
      step.number("index", expression(expr->getIndexExpr(component.getArrayExprIndex())));
    else {
      const FieldDecl *field = component.getField();
      look(field->getParent());
      step.number("record", declaration(field->getParent())).number("field", field->getFieldIndex());
    }
    steps += (steps.size() > 1 ? "," : "") + step.object();
  }
  Entry entry("offsetof");
  return entry.number("type", type(expr->getTypeSourceInfo()->getType())).raw("steps", steps + "]");
}

/// What is rare, and what has no rule.
Entry Unit::other(const Expr *expr) {
  if (auto *e = dyn_cast<UnaryExprOrTypeTraitExpr>(expr)) {
    UnaryExprOrTypeTrait kind = e->getKind();
    if (kind == UETT_SizeOf || kind == UETT_AlignOf || kind == UETT_PreferredAlignOf) {
      look(e->getTypeOfArgument());
      Entry entry("sizeof");
      unsigned of = e->isArgumentType() ? 0 : expression(e->getArgumentExpr());
      entry.number("type", type(e->getTypeOfArgument())).text("what", kind == UETT_SizeOf ? "size" : "align");
      return e->isArgumentType() ? entry : entry.number("of", of);
    }
  }
  if (auto *e = dyn_cast<VAArgExpr>(expr)) {
    Entry entry("va_arg");
    return entry.number("of", expression(e->getSubExpr()));
  }
  if (auto *e = dyn_cast<AtomicExpr>(expr)) {
    std::vector<unsigned> operands;
    for (unsigned i = 0; i < e->getNumSubExprs(); i++)
      operands.push_back(expression(const_cast<AtomicExpr *>(e)->getSubExprs()[i]));
    Entry entry("atomic");
    return entry.text("op", e->getOpAsString()).list("operands", operands);
  }
  if (auto *e = dyn_cast<AddrLabelExpr>(expr)) {
    Entry entry("label-address");
    return entry.number("label", declaration(e->getLabel()));
  }
  if (auto *e = dyn_cast<TypeTraitExpr>(expr); e && e->getTrait() == BTT_TypeCompatible) {
    Entry entry("types-compatible");
    return entry.number("left", type(e->getArg(0)->getType())).number("right", type(e->getArg(1)->getType()));
  }
  std::vector<unsigned> children;
  for (const Stmt *child : expr->children())
    if (child)
      children.push_back(isa<Expr>(child) ? expression(cast<Expr>(child)) : statement(child));
  Entry entry("other-expression");
  return entry.text("class", expr->getStmtClassName()).list("children", children);
}

} // namespace kport
