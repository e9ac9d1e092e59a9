package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// parsed returns files of a package, with their comments.
func (p goPackage) parsed(fset *token.FileSet, names ...string) ([]*ast.File, error) {
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// commentFaults returns what is exported and not explained, and a package that
// says nothing of itself.
func commentFaults(rel string, files []*ast.File) []string {
	var faults []string
	fault := func(name, what string) { faults = append(faults, fmt.Sprintf("%s: %s %s", rel, name, what)) }
	explained := false
	for _, file := range files {
		explained = explained || file.Doc.Text() != ""
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if name := exportedFunc(decl); name != "" {
					checkComment(fault, name, decl.Name.Name, decl.Doc)
				}
			case *ast.GenDecl:
				checkSpecs(fault, decl)
			}
		}
	}
	if !explained && len(files) > 0 {
		fault("package", "has no comment")
	}
	slices.Sort(faults)
	return faults
}

// exportedFunc returns the name of a function or method that users can call, or
// nothing.
func exportedFunc(decl *ast.FuncDecl) string {
	if !decl.Name.IsExported() {
		return ""
	}
	if decl.Recv == nil {
		return decl.Name.Name
	}
	of := receiver(decl.Recv.List[0].Type)
	if !ast.IsExported(of) {
		return ""
	}
	return of + "." + decl.Name.Name
}

// receiver returns the name of a method's type.
func receiver(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.StarExpr:
		return receiver(expr.X)
	case *ast.IndexExpr:
		return receiver(expr.X)
	case *ast.IndexListExpr:
		return receiver(expr.X)
	case *ast.Ident:
		return expr.Name
	}
	return ""
}

// checkSpecs checks types by their name, and constants and variables for having
// any comment, of their own or of their group.
func checkSpecs(fault func(name, what string), decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if !spec.Name.IsExported() {
				continue
			}
			comment := spec.Doc
			if comment == nil {
				comment = decl.Doc
			}
			checkComment(fault, spec.Name.Name, spec.Name.Name, comment)
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if name.IsExported() && spec.Doc.Text() == "" && spec.Comment.Text() == "" && decl.Doc.Text() == "" {
					fault(name.Name, "has no comment")
				}
			}
		}
	}
}

// checkComment checks that a comment is there and begins with the name it is of.
func checkComment(fault func(name, what string), full, name string, comment *ast.CommentGroup) {
	text := comment.Text()
	for _, article := range []string{"A ", "An ", "The "} {
		text = strings.TrimPrefix(text, article)
	}
	switch first, _, _ := strings.Cut(strings.ReplaceAll(text, "\n", " "), " "); {
	case text == "":
		fault(full, "has no comment")
	case first != name:
		fault(full, "has a comment that does not begin with its name")
	}
}
