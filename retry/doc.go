// Package retry calls functions again until they succeed.
//
// A [Policy] is data: how often, how long, with which waits. [Do] and [Wrap]
// apply it to a function on the spot and block their caller, as the function
// itself would; the stages of a pipeline apply the same Policy without holding a
// worker while they wait.
//
// # Steering
//
// The errors a function returns steer, wrapped or not, as they do in a pipeline:
//
//	error returned                          Do
//	any error                               tries again as the policy says
//	ergon.RetryAfter(d, err)                tries again after d, or later where the policy says so
//	ergon.Hold(d, err)                      tries again after d, without counting the attempt
//	Business, Permanent, Return, DeadLetter,
//	Drop, Fatal, Handled                    returns it at once, as it is
//
// Other packages need not know of this one: what they return is seen through any
// wrapping by errors.Is, errors.As and ergon.SteeringOf.
//
// # How a call ends
//
// A call that succeeds returns the result, even if it comes after the attempt's
// timeout or after the context has ended. A policy that is used up ends in an
// [ExhaustedError]. A context that ends stops the call: no further attempt, no
// further wait, and an error that holds the last failure, the context's error
// and its cause. Both kinds of end steer nothing, whatever steered in the
// attempts before: to the stage around them they are ordinary errors, which its
// own policy may try again.
//
// There is never a second attempt beside a first: a function that ignores its
// context is waited for. A panic of the function is the caller's, as from any
// call.
//
// # What a call costs
//
// A call that succeeds at once costs next to nothing beside the function: the
// timer and the channel of an attempt's context are made when the function, or
// whoever it hands the context to, asks for them. Where calls under one context
// follow each other within microseconds they do not look at the clock either. Then
// the begin of a first attempt is known to about a millisecond, and never taken for
// earlier than it was: its timeout is not up too early, but may be that much too
// late, and so may Within. Attempts that may take less than 100 ms, second
// attempts, and all attempts in the virtual time of testing/synctest are exact.
package retry
