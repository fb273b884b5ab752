#pragma once
/*
 * flaw: why a request can't be read exactly as dockerd will read it.
 *
 * Each flaw is a value of one enum with a name that a user can look up; rules/request/ has a rule for each. While a
 * flaw stands, only request.* facts are yielded. "Exactly" means: by every supported engine alike (DESIGN 1.1).
 */
#include "docksill/base/arena.h"
#include "docksill/base/str.h"

/* X(constant, name, what it means) */
/* clang-format off */
#define FLAW_ROWS(X)                                                                                                   \
        X(FLAW_ENVELOPE, "envelope", "the AuthZ call holds a key twice, of the wrong type, or text after its object")   \
        X(FLAW_BAD_BASE64, "bad-base64", "RequestBody is not strict base64")                                           \
        X(FLAW_BODY_MISSING, "body-missing", "dockerd reads a body here and did not show it (PROTOCOL 2.3)")            \
        X(FLAW_LENGTH_MISMATCH, "length-mismatch", "Content-Length and the shown body differ (PROTOCOL 2.5)")           \
        X(FLAW_FORM_BODY, "form-body", "a form or multipart body carries parameters that no plugin sees (PROTOCOL 4.4)") \
        X(FLAW_BODY_UNEXPECTED, "body-unexpected", "a body where none belongs; old API versions obey it")               \
        X(FLAW_TARGET_NOT_ABSOLUTE, "target-not-absolute", "the target does not begin with a slash")                    \
        X(FLAW_TARGET_BAD_ESCAPE, "target-bad-escape", "a percent sign without two hex digits")                         \
        X(FLAW_TARGET_DOT_SEGMENT, "target-dot-segment", "a . or .. segment in the decoded path")                       \
        X(FLAW_TARGET_DOUBLE_SLASH, "target-double-slash", "two slashes in a row in the decoded path")                  \
        X(FLAW_TARGET_FRAGMENT, "target-fragment", "a # in the target hides the body from plugins (PROTOCOL 2.3 h)")    \
        X(FLAW_TARGET_SEMICOLON, "target-semicolon", "a raw ; in the query, which engines split differently (PROTOCOL 4.4)") \
        X(FLAW_TARGET_CONTROL_BYTE, "target-control-byte", "a control byte or backslash in the target, raw or escaped in the path, or a raw space") \
        X(FLAW_TARGET_HIGH_BYTE, "target-high-byte", "a byte beyond ASCII in the target")                               \
        X(FLAW_ODD_VERSION, "odd-version", "a version prefix not spelt v1.N (PROTOCOL 4.3)")                            \
        X(FLAW_UNKNOWN_OPERATION, "unknown-operation", "no Engine API operation has this method and path")              \
        X(FLAW_NAME_SLASH, "name-slash", "a container name with a slash")                                              \
        X(FLAW_NAME_ID, "name-id", "a new name for a container that reads as the whole id of another")                  \
        X(FLAW_MALFORMED_JSON, "malformed-json", "the body is not one JSON object as Go's decoder wants it")            \
        X(FLAW_DUPLICATE_KEY, "duplicate-key", "two keys that dockerd takes for one (PROTOCOL 3.2)")                    \
        X(FLAW_TRAILING_DATA, "trailing-data", "something follows the JSON object")                                    \
        X(FLAW_BAD_UTF8, "bad-utf8", "bytes that are not UTF-8, or half a surrogate pair")                              \
        X(FLAW_NUL, "nul", "a NUL character in a string")                                                              \
        X(FLAW_TOO_DEEP, "too-deep", "nested deeper than docksill follows")                                            \
        X(FLAW_NUMBER_RANGE, "number-range", "a number that Go's integer type refuses: fraction, exponent or range")    \
        X(FLAW_WRONG_TYPE, "wrong-type", "a value of another JSON type than dockerd decodes")                           \
        X(FLAW_BARE_STRING, "bare-string", "a bare string for a list: engines up to 28 take it, 29 refuses it")         \
        X(FLAW_TOPLEVEL_HOSTCONFIG, "toplevel-hostconfig", "HostConfig keys at the top level: engines up to 26 obey them (PROTOCOL 3.4)") \
        X(FLAW_TEMPLATE, "template", "a mount that the swarm expands as a template, after it was judged")               \
        X(FLAW_LOG_CONTROL_BYTE, "log-control-byte", "a control byte in what stands in each line of a log")             \
        X(FLAW_TOO_LARGE, "too-large", "more than docksill takes of one request")
/* clang-format on */

enum flaw {
#define X(constant, name, doc) constant,
        FLAW_ROWS(X)
#undef X
                FLAWS,
};

struct flaw_note {
        enum flaw flaw;
        struct str where; /* "HostConfig.Binds[2]", "RequestUri", …; may hold attacker's text */
};

/* The flaws of one request; the first place of each, at most FLAW_NOTES of them. Zeroed: none. */
#define FLAW_NOTES 8
struct flaws {
        uint64_t set; /* bit 1 << enum flaw */
        struct flaw_note notes[FLAW_NOTES];
        size_t n;
};

/* Adds @flaw; @where must outlive @f. A flaw already there is left as it was first seen. */
void flaws_add(struct flaws *f, enum flaw flaw, struct str where);

static inline bool flaws_any(const struct flaws *f) {
        return f->set != 0;
}

static inline bool flaws_have(const struct flaws *f, enum flaw flaw) {
        return f->set >> flaw & 1;
}

/* "duplicate-key": stable, part of records and rules. */
struct str flaw_name(enum flaw flaw);
const char *flaw_doc(enum flaw flaw);
