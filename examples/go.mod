module github.com/ergon-go/ergon/examples

go 1.27

toolchain go1.27.4
