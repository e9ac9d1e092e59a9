module github.com/ergon-go/ergon/connector/sqlite

go 1.27

toolchain go1.27.4
