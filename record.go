package ergon

// Record is one record of a table as text: a row of a CSV file. stage.Into turns
// it into a struct.
type Record struct {
	Header []string // the names of the fields, shared by all records; nil where the table has none
	Fields []string
	Line   int    // of the file, from 1, where the record begins
	Raw    string // the text as it stood there
	Err    error  // why it could not be read as a record, or nil; Fields is then what could be read
}

// Get returns the field of a name, and whether there is one.
func (r Record) Get(name string) (string, bool) {
	for i, h := range r.Header {
		if h == name && i < len(r.Fields) {
			return r.Fields[i], true
		}
	}
	return "", false
}
