#include "body-check.h"
#include "read/reading.h"

#define LENGTH STR_C("RequestHeaders.Content-Length")
#define TYPE   STR_C("RequestHeaders.Content-Type")
#define BODY   STR_C("RequestBody")

#define START_IGNORED 7 /* bytes */

/* An empty RequestBody is none: dockerd leaves the key out then. */
static bool is_shown(const struct reading *in) {
        return in->body.n > 0;
}

/* Go reads a body for forms with these methods alone; GET, HEAD and DELETE handlers of dockerd look at none. */
static bool takes_body(struct str method) {
        return str_eqz(method, "POST") || str_eqz(method, "PUT") || str_eqz(method, "PATCH");
}

/* "application/x-www-form-urlencoded ; charset=x", in any case. */
static bool is_form(struct str content_type) {
        struct str type = str_trim(str_first(content_type, str_find(content_type, ';')));

        return str_eq_fold(type, STR_C("application/x-www-form-urlencoded")) ||
               str_eq_fold(type, STR_C("multipart/form-data"));
}

static bool is_json(struct str content_type) {
        return str_eq_fold(str_trim(str_first(content_type, str_find(content_type, ';'))), STR_C("application/json"));
}

/* What Content-Length says; -1: there is none, -2: no number. Go takes leading zeros and no sign. */
static int64_t content_length(const struct reading *in) {
        struct str text = envelope_header(in->envelope, STR_C("Content-Length"));
        int64_t n;

        if (!text.p)
                return -1;
        if (str_empty(text) || !ascii_digit(text.p[0]) || str_int(text, &n) < 0)
                return -2;
        return n;
}

static void check_length(struct reading *in, int64_t length) {
        if (length == -2 || (length >= 0 && is_shown(in) && (uint64_t)length != in->body.n))
                flaws_add(in->flaws, FLAW_LENGTH_MISMATCH, LENGTH);
}

/*
 * Of a body that is not shown and that no handler reads: may parameters hide in it? A chunked body leaves no trace, and
 * of several Content-Types the first counts and the last is shown: whatever stands there, the first may name a form.
 * But Go looks for one only where there is such a header, if an empty one (net/http, parsePostForm).
 */
static bool may_hide(const struct reading *in, const struct operation *o, int64_t length) {
        struct str type;

        if (is_shown(in) || length == 0 || !takes_body(in->envelope->method.value))
                return false;
        type = envelope_header(in->envelope, STR_C("Content-Type"));
        return type.p && !(o->flags & OPERATION_FORM_IDLE && is_json(type));
}

/*
 * dockerd looks at a start's body when it has more than 7 bytes or is chunked: from API 1.24 on to refuse the call,
 * below that to obey it (moby daemon/server/router/container, postContainersStart). A form with a parameter of a start
 * in it is longer.
 */
static void check_start(struct reading *in, int64_t length) {
        if (in->body.n > START_IGNORED)
                flaws_add(in->flaws, FLAW_BODY_UNEXPECTED, BODY);
        else if (!is_shown(in) && reading_api_below(in, 24) && !(length >= 0 && length <= START_IGNORED))
                flaws_add(in->flaws, FLAW_BODY_MISSING, BODY);
}

/*
 * Go's HTTP/2 server obeys the first of several Content-Lengths, and the last is shown; over HTTP/1 it takes but one
 * (net/http, http2 newWriterAndRequest; readTransfer). Which of the two a call came by is not shown, but dockerd serves
 * the first from 29.2 on: learned_tell() knows.
 */
static bool is_proven_by_length_alone(const struct reading *in, const struct operation *o, int64_t length) {
        return length == 0 && !is_shown(in) && envelope_header(in->envelope, STR_C("Content-Type")).p &&
               o->body != BODY_REQUIRED && o->body != BODY_START && !(o->flags & OPERATION_FORM_IDLE);
}

static void check_kind(struct reading *in, enum operation_body body, int64_t length) {
        switch (body) {
        case BODY_REQUIRED:
                if (!is_shown(in))
                        flaws_add(in->flaws, FLAW_BODY_MISSING, BODY);
                return;
        case BODY_START: check_start(in, length); return;
        case BODY_OPTIONAL:
        case BODY_NONE:
                if (in->body_may_hide)
                        flaws_add(in->flaws, FLAW_BODY_MISSING, BODY);
                return;
        case BODY_STREAM: return;
        }
}

bool body_check(struct reading *in, const struct operation *o) {
        int64_t length = content_length(in);

        in->body_is_absent = !is_shown(in) && length == 0;
        in->body_may_hide = o && may_hide(in, o, length);
        if (flaws_have(in->flaws, FLAW_BAD_BASE64))
                return false; /* nobody can tell how long it is */

        check_length(in, length);
        if (!takes_body(in->envelope->method.value))
                return false;
        if (length != 0 && is_form(envelope_header(in->envelope, STR_C("Content-Type"))))
                flaws_add(in->flaws, FLAW_FORM_BODY, TYPE);
        if (!o)
                return false;
        check_kind(in, o->body, length);
        return is_proven_by_length_alone(in, o, length);
}
