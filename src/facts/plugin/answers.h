// What lowering asks of a text while clang parses it: which records its errors are about, how records lie, what queries stand for.
#pragma once
#include "entry.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Basic/Diagnostic.h"
#include "llvm/ADT/SetVector.h"
#include <memory>

namespace kport {

/// The structures and unions that errors are about, by what clang's errors are told as: types and declarations, not text.
struct Errors {
  /// Those without a body, of errors that ask for one.
  llvm::SetVector<const clang::RecordDecl *> incomplete;
  /// Those that any error names.
  llvm::SetVector<const clang::RecordDecl *> named;
  unsigned count = 0;

  std::string object() const;
};

/// Beside the compiler's own consumer, which goes on to say what it says.
void watchErrors(clang::DiagnosticsEngine &diagnostics, std::shared_ptr<Errors> errors);

/// The complete structures and unions of a unit, by the ids that clang's own dump of the tree gives them.
std::string recordTable(clang::ASTContext &context);

/// What stands for a type or a value that is found while compiling: `typeof`, `sizeof` and their kin, by where each begins in the text.
std::string queryTable(clang::ASTContext &context);

} // namespace kport
