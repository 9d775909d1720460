// A walk over all of a unit.
#pragma once
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/ADT/StringExtras.h"

namespace kport {

/// What `-ast-dump=json` gives for an id of a node.
inline std::string idOf(const void *node) { return "0x" + llvm::utohexstr(reinterpret_cast<uint64_t>(node), true); }

/// Goes into what a type specifier defines as well: clang's own walk leaves out a structure within an expression, with its bounds and widths.
template <typename Derived> class Everywhere : public clang::RecursiveASTVisitor<Derived> {
public:
  explicit Everywhere(clang::ASTContext &context) : context(context) {}

  void visitAll() {
    for (clang::Decl *decl : context.getTranslationUnitDecl()->decls())
      this->getDerived().TraverseDecl(decl);
  }

  bool VisitElaboratedTypeLoc(clang::ElaboratedTypeLoc loc) {
    clang::TagDecl *owned = loc.getTypePtr()->getOwnedTagDecl();
    return owned == nullptr || !entered.insert(owned).second || this->getDerived().TraverseDecl(owned);
  }

protected:
  clang::ASTContext &context;

private:
  llvm::DenseSet<const clang::TagDecl *> entered;
};

} // namespace kport
