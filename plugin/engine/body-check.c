#include "body-check.h"

#define LENGTH STR_C("RequestHeaders.Content-Length")
#define TYPE   STR_C("RequestHeaders.Content-Type")
#define BODY   STR_C("RequestBody")

#define START_IGNORED 7 /* bytes */

/* An empty RequestBody is none: dockerd leaves the key out then. */
static bool is_shown(const struct request *request) {
        return request->body.n > 0;
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
static int64_t content_length(const struct request *request) {
        struct str text = envelope_header(&request->envelope, STR_C("Content-Length"));
        int64_t n;

        if (!text.p)
                return -1;
        if (str_empty(text) || !ascii_digit(text.p[0]) || str_int(text, &n) < 0)
                return -2;
        return n;
}

static void check_length(struct request *request, int64_t length) {
        if (length == -2 || (length >= 0 && is_shown(request) && (uint64_t)length != request->body.n))
                flaws_add(&request->flaws, FLAW_LENGTH_MISMATCH, LENGTH);
}

/*
 * Of a body that is not shown and that no handler reads: may parameters hide in it? A chunked body leaves no trace, and
 * of several Content-Types the first counts and the last is shown: whatever stands there, the first may name a form.
 * But Go looks for one only where there is such a header, if an empty one (net/http, parsePostForm).
 */
bool body_may_hide(const struct request *request) {
        struct str type = envelope_header(&request->envelope, STR_C("Content-Type"));

        return !is_shown(request) && content_length(request) != 0 && type.p &&
               !(request->operation->flags & OPERATION_FORM_IDLE && is_json(type));
}

/*
 * dockerd looks at a start's body when it has more than 7 bytes or is chunked: from API 1.24 on to refuse the call,
 * below that to obey it (moby daemon/server/router/container, postContainersStart). A form with a parameter of a start
 * in it is longer.
 */
static void check_start(struct request *request, int64_t length) {
        if (request->body.n > START_IGNORED)
                flaws_add(&request->flaws, FLAW_BODY_UNEXPECTED, BODY);
        else if (!is_shown(request) && request->target.version != 0 && request->target.version < 24 &&
                 !(length >= 0 && length <= START_IGNORED))
                flaws_add(&request->flaws, FLAW_BODY_MISSING, BODY);
}

/*
 * Go's HTTP/2 server obeys the first of several Content-Lengths, and the last is shown; over HTTP/1 it takes but one
 * (net/http, http2 newWriterAndRequest; readTransfer). Which of the two a call came by is not shown, but dockerd serves
 * the first from 29.2 on: learned_tell() knows.
 */
static bool is_proven_by_length_alone(const struct request *request, int64_t length) {
        return length == 0 && !is_shown(request) && envelope_header(&request->envelope, STR_C("Content-Type")).p &&
               request->operation->body != BODY_REQUIRED && request->operation->body != BODY_START &&
               !(request->operation->flags & OPERATION_FORM_IDLE);
}

static void check_kind(struct request *request, int64_t length) {
        switch (request->operation->body) {
        case BODY_REQUIRED:
                if (!is_shown(request))
                        flaws_add(&request->flaws, FLAW_BODY_MISSING, BODY);
                return;
        case BODY_START: check_start(request, length); return;
        case BODY_OPTIONAL:
        case BODY_NONE:
                if (body_may_hide(request))
                        flaws_add(&request->flaws, FLAW_BODY_MISSING, BODY);
                return;
        case BODY_STREAM: return;
        }
}

void body_check(struct request *request) {
        int64_t length = content_length(request);

        check_length(request, length);
        if (!takes_body(request->envelope.method.value))
                return;
        if (length != 0 && is_form(envelope_header(&request->envelope, STR_C("Content-Type"))))
                flaws_add(&request->flaws, FLAW_FORM_BODY, TYPE);
        if (!request->operation)
                return;
        check_kind(request, length);
        request->zero_length_alone = is_proven_by_length_alone(request, length);
}

bool body_is_absent(const struct request *request) {
        return !is_shown(request) && content_length(request) == 0;
}
