#include "body.h"
#include <assert.h>

#define LENGTH STR_C("RequestHeaders.Content-Length")
#define TYPE   STR_C("RequestHeaders.Content-Type")
#define BODY   STR_C("RequestBody")

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

static void check_kind(struct request *request, int64_t length) {
        bool shown = is_shown(request);

        switch (request->operation->body) {
        case BODY_REQUIRED:
                if (!shown)
                        flaws_add(&request->flaws, FLAW_BODY_MISSING, BODY);
                return;
        case BODY_FORBIDDEN:
                if (shown)
                        flaws_add(&request->flaws, FLAW_BODY_UNEXPECTED, BODY);
                /* fall through */
        case BODY_OPTIONAL:
        case BODY_NONE:
                /* A chunked body leaves no trace, a form may hide behind another content type: only 0 is nothing. A
                 * body that is shown came as JSON: whoever reads it (image.push of 28.2 and older does) reads it as
                 * such. */
                if (!shown && length != 0)
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
        if (is_form(envelope_header(&request->envelope, STR_C("Content-Type"))))
                flaws_add(&request->flaws, FLAW_FORM_BODY, TYPE);
        if (request->operation)
                check_kind(request, length);
}

bool body_is_absent(const struct request *request) {
        return !is_shown(request) && content_length(request) == 0;
}

/* A body that is shown came as JSON, and is no form. */
void body_check_absent(struct request *request) {
        if (!is_shown(request) && content_length(request) != 0)
                flaws_add(&request->flaws, FLAW_BODY_MISSING, BODY);
}

int body_decode(struct request *request, struct arena *arena, void *out, const struct gojson_type *type) {
        int r;

        assert(type->kind == GOJSON_STRUCT);
        r = gojson_decode(out, type, arena, &request->report, request->body, STR_C(""));
        if (r < 0)
                return r;
        if (!*(const bool *)out)
                flaws_add(&request->flaws, FLAW_MALFORMED_JSON, BODY);
        return flaws_any(&request->flaws) ? BODY_E_FLAWED : 0;
}
