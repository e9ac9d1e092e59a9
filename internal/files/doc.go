// Package files opens what sources read and sinks write, always through an
// os.Root of the directory that holds it: a name cannot leave that directory,
// neither by itself nor through a symbolic link. A link that points out of its
// directory is therefore refused.
//
// Errors are *fs.PathError with the path as it was given.
package files
