#include "unit.h"

using namespace clang;

namespace kport {

unsigned Unit::statement(const Stmt *stmt) {
  if (auto *expr = dyn_cast<Expr>(stmt)) {
    Entry entry("evaluate");
    unsigned of = expression(expr);
    return append(entry.number("of", of), stmt->getSourceRange(), false);
  }
  return append(statementEntry(stmt), stmt->getSourceRange(), false);
}

std::vector<unsigned> Unit::statements(ArrayRef<const Stmt *> stmts) {
  std::vector<unsigned> out;
  for (const Stmt *stmt : stmts)
    out.push_back(statement(stmt));
  return out;
}

Entry Unit::statementEntry(const Stmt *stmt) {
  Entry entry;
  switch (stmt->getStmtClass()) {
  case Stmt::CompoundStmtClass: {
    std::vector<unsigned> body;
    for (const Stmt *child : cast<CompoundStmt>(stmt)->body())
      body.push_back(statement(child));
    return Entry("block").list("body", body);
  }
  case Stmt::DeclStmtClass:
    return declareEntry(cast<DeclStmt>(stmt));
  case Stmt::IfStmtClass: {
    auto *s = cast<IfStmt>(stmt);
    unsigned condition = expression(s->getCond()), then = statement(s->getThen());
    entry = Entry("if").number("condition", condition).number("then", then);
    return s->getElse() ? entry.number("else", statement(s->getElse())) : entry;
  }
  case Stmt::WhileStmtClass: {
    auto *s = cast<WhileStmt>(stmt);
    unsigned condition = expression(s->getCond()), body = statement(s->getBody());
    return Entry("while").number("condition", condition).number("body", body);
  }
  case Stmt::DoStmtClass: {
    auto *s = cast<DoStmt>(stmt);
    unsigned body = statement(s->getBody()), condition = expression(s->getCond());
    return Entry("do").number("condition", condition).number("body", body);
  }
  case Stmt::ForStmtClass: {
    auto *s = cast<ForStmt>(stmt);
    entry = Entry("for");
    if (s->getInit())
      entry.number("init", statement(s->getInit()));
    if (s->getCond())
      entry.number("condition", expression(s->getCond()));
    if (s->getInc())
      entry.number("step", expression(s->getInc()));
    return entry.number("body", statement(s->getBody()));
  }
  case Stmt::SwitchStmtClass: {
    auto *s = cast<SwitchStmt>(stmt);
    unsigned of = expression(s->getCond()), body = statement(s->getBody());
    return Entry("switch").number("of", of).number("body", body);
  }
  case Stmt::CaseStmtClass: {
    auto *s = cast<CaseStmt>(stmt);
    entry = Entry("case").number("low", expression(s->getLHS()));
    if (s->getRHS())
      entry.number("high", expression(s->getRHS()));
    return entry.number("body", statement(s->getSubStmt()));
  }
  case Stmt::DefaultStmtClass:
    return Entry("default").number("body", statement(cast<DefaultStmt>(stmt)->getSubStmt()));
  case Stmt::BreakStmtClass:
    return Entry("break");
  case Stmt::ContinueStmtClass:
    return Entry("continue");
  case Stmt::GotoStmtClass:
    return Entry("goto").number("label", declaration(cast<GotoStmt>(stmt)->getLabel()));
  case Stmt::IndirectGotoStmtClass:
    return Entry("computed-goto").number("of", expression(cast<IndirectGotoStmt>(stmt)->getTarget()));
  case Stmt::LabelStmtClass: {
    auto *s = cast<LabelStmt>(stmt);
    return Entry("label").number("label", declaration(s->getDecl())).number("body", statement(s->getSubStmt()));
  }
  case Stmt::ReturnStmtClass: {
    const Expr *value = cast<ReturnStmt>(stmt)->getRetValue();
    return value ? Entry("return").number("of", expression(value)) : Entry("return");
  }
  case Stmt::NullStmtClass:
    return Entry("empty");
  case Stmt::AttributedStmtClass: {
    auto *s = cast<AttributedStmt>(stmt);
    bool falls = llvm::any_of(s->getAttrs(), [](const Attr *a) { return isa<FallThroughAttr>(a); });
    return falls && isa<NullStmt>(s->getSubStmt()) ? Entry("empty").flag("fallthrough", true) : statementEntry(s->getSubStmt());
  }
  case Stmt::GCCAsmStmtClass:
    return asmEntry(cast<AsmStmt>(stmt));
  default:
    break;
  }
  if (auto *expr = dyn_cast<Expr>(stmt))
    return Entry("evaluate").number("of", expression(expr));
  std::vector<unsigned> children;
  for (const Stmt *child : stmt->children())
    if (child)
      children.push_back(isa<Expr>(child) ? expression(cast<Expr>(child)) : statement(child));
  return Entry("other-statement").text("class", stmt->getStmtClassName()).list("children", children);
}

Entry Unit::asmEntry(const AsmStmt *stmt) {
  std::vector<unsigned> operands;
  for (const Expr *output : stmt->outputs())
    operands.push_back(expression(output));
  for (const Expr *input : stmt->inputs())
    operands.push_back(expression(input));
  bool jumps = false;
  if (auto *gcc = dyn_cast<GCCAsmStmt>(stmt))
    jumps = gcc->isAsmGoto();
  return Entry("asm").flag("goto", jumps).list("operands", operands);
}

Entry Unit::declareEntry(const DeclStmt *stmt) {
  std::vector<unsigned> decls;
  for (const Decl *decl : stmt->decls()) {
    if (isa<StaticAssertDecl, EmptyDecl>(decl) || !isa<NamedDecl>(decl))
      continue;
    if (auto *record = dyn_cast<RecordDecl>(decl))
      look(record);
    decls.push_back(declareNow(decl));
  }
  return Entry("declare").list("decls", decls);
}

} // namespace kport
