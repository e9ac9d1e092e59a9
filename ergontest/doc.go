// Package ergontest is the test kit for pipelines.
package ergontest
