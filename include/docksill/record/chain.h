#pragma once
/*
 * chain: the links between the lines of the records, so that a line that was changed, taken out or put in shows.
 *
 * Each line ends in ,"link":N,"prev":"H"}: N counts the lines of the chain from 1, H is the SHA-256, in hex, of the
 * line before it in the file, with its newline; 64 zeros in the first line of all. The chain goes on from file to file
 * and from process to process. Whoever may write to the file can make it all anew: what it shows is worth what is known
 * of it elsewhere (`docksill log verify --anchor`).
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

#define CHAIN_DIGEST 64  /* hex digits */
#define CHAIN_ROOM   112 /* bytes that a link adds to a line, at most */

/* What a new line follows. Zeroed: nothing, a chain begins with it. */
struct chain_head {
        uint64_t link; /* of the last line, whole or torn */
        char digest[CHAIN_DIGEST + 1];
        size_t torn; /* bytes that the last line has without a newline; the digest is of them and of the newline that
                        is put there */
        char before[CHAIN_DIGEST + 1]; /* of the line before the torn one, which does not hold it; empty: unknown */
};

/* What a line says of itself. */
struct chain_link {
        uint64_t link;
        struct str prev; /* in the line */
};

/* Reads the end of @line, with its newline or without; false: it is no whole line with a link. */
bool chain_read(struct str line, struct chain_link *out);

/* Writes what comes behind the last member of a line; the digest is still to be filled in. Returns bytes.
 * @first: the line's object is empty but for it */
size_t chain_write(char to[static CHAIN_ROOM], uint64_t link, bool first);

struct evp_md_st;
struct evp_md_ctx_st;

struct chain {
        struct evp_md_st *sha256; /* libcrypto's */
        struct evp_md_ctx_st *context;
        char digest[CHAIN_DIGEST + 1]; /* of the last line */
};

/* @digest: of the line before; empty: there is none. Returns 0 or -ENOMEM. */
must_check_ int chain_init(struct chain *c, const char *digest);
/* Zeroed memory will do. */
void chain_deinit(struct chain *c);

/* The next line has passed, as it is, with its newline. */
void chain_pass(struct chain *c, struct str line);

/* The digest of any other bytes. */
void chain_digest(struct chain *c, struct str bytes, char out[static CHAIN_DIGEST + 1]);

/* Whole lines with their links, one after the other: fills in their digests. */
void chain_seal(struct chain *c, char *lines, size_t n);
