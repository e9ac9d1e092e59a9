// Package peers does the same work in every way that is compared: with channels
// by hand, with ergon, and with other libraries. Each file is one of them,
// written as its own documentation recommends, at the settings it is fastest
// with for small items.
//
// Every one of them takes all items from memory, puts each through so many
// stages of so many workers, and hands it to one consumer, or drops it. Run returns
// once all have been through.
package peers
