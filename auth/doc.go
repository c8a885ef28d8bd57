// Package auth says who a caller is. A bearer token stands for one account;
// what the account may do is package policy's matter.
//
// A token is the text "linli_" followed by 32 random bytes in unpadded base64url.
// It is shown once, when made. Stores keep its SHA-256 only: the token has 256
// bits of chance, so that a fast hash cannot be reversed, and a lookup by hash
// compares no secret byte by byte.
//
// Every token that is not good gets one and the same answer, whether it is
// malformed, unknown, expired or revoked.
package auth
