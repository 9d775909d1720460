// The tables of one translation unit, and what enters things into them.
#pragma once
#include "macros.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/DenseSet.h"
#include <deque>

namespace kport {

class Unit {
public:
  Unit(clang::ASTContext &context, Sources &sources, Macros &macros) : context(context), sources(sources), macros(macros) {}

  /// Enter all that the module's own files declare, and what is reached from there.
  void enterOwn();

  std::string typeTable() const { return table(types); }
  std::string declarationTable() const { return table(declarations); }
  std::string nodeTable() const { return table(nodes); }
  std::string topTable() const;
  size_t nodeCount() const { return nodes.size(); }

private:
  // types.cpp
  unsigned type(clang::QualType type);
  Entry typeEntry(clang::QualType type);
  /// Somebody asks what is in a record: its fields are told.
  void look(clang::QualType type);
  void look(const clang::RecordDecl *record);
  bool isLookedInto(const clang::RecordDecl *record) const { return lookedInto.contains(record->getCanonicalDecl()); }

  // declarations.cpp
  unsigned declaration(const clang::Decl *decl);
  /// Its entry, now: of a variable in a function, before the statement that declares it.
  unsigned declareNow(const clang::Decl *decl);
  void drain();
  void fill(const clang::Decl *canonical);
  std::string functionEntry(const clang::FunctionDecl *function);
  std::string variableEntry(const clang::VarDecl *variable);
  std::string recordEntry(const clang::RecordDecl *record);
  std::string enumEntry(const clang::EnumDecl *decl);
  Entry named(llvm::StringRef kind, const clang::NamedDecl *decl);
  void bounds(Entry &entry, const clang::DeclaratorDecl *decl);
  void where(Entry &entry, clang::SourceRange range);

  // attributes.cpp
  void attributes(Entry &entry, const clang::Decl *decl);
  void linkage(Entry &entry, const clang::NamedDecl *decl);

  // expressions.cpp, operands.cpp
  unsigned expression(const clang::Expr *expr);
  std::vector<unsigned> expressions(llvm::ArrayRef<const clang::Expr *> exprs);
  Entry expressionEntry(const clang::Expr *expr, bool &mayBeConstant);
  Entry literal(const clang::Expr *expr);
  Entry unary(const clang::UnaryOperator *expr, bool &mayBeConstant);
  Entry binary(const clang::BinaryOperator *expr, bool &mayBeConstant);
  Entry member(const clang::MemberExpr *expr);
  Entry offsetOf(const clang::OffsetOfExpr *expr);
  Entry other(const clang::Expr *expr);
  const clang::Expr *stripped(const clang::Expr *expr) const;
  bool isKnown(unsigned node) const { return known[node]; }

  // initialisers.cpp
  Entry list(const clang::InitListExpr *expr);

  // statements.cpp
  unsigned statement(const clang::Stmt *stmt);
  std::vector<unsigned> statements(llvm::ArrayRef<const clang::Stmt *> stmts);
  Entry statementEntry(const clang::Stmt *stmt);
  Entry asmEntry(const clang::AsmStmt *stmt);
  Entry declareEntry(const clang::DeclStmt *stmt);

  unsigned append(Entry entry, clang::SourceRange range, bool isConstant);

  clang::ASTContext &context;
  Sources &sources;
  Macros &macros;

  std::vector<std::string> types, declarations, nodes;
  /// Of each node, whether it has a value.
  std::vector<bool> known;
  std::vector<unsigned> top;
  /// Where what is being entered stands: for nodes that clang made without a place.
  std::string place = NOWHERE;

  llvm::DenseMap<void *, unsigned> typeIndexes;
  llvm::StringMap<unsigned> typeTexts;
  llvm::DenseMap<const clang::Decl *, unsigned> declarationIndexes;
  llvm::DenseSet<const clang::Decl *> filled;
  llvm::DenseSet<const clang::Decl *> lookedInto;
  std::deque<const clang::Decl *> waiting;
};

} // namespace kport
