/*
 * How long the engine's own certificates last. Of a file of several the first counts: it is the server's.
 */
#include "dockerd-settings.h"
#include "docksill/base/clock.h"
#include <errno.h>
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define SECOND INT64_C(1000000)

DEFINE_CLEANUP(BIO *, BIO_free_all);
DEFINE_CLEANUP(X509 *, X509_free);
DEFINE_CLEANUP(ASN1_TIME *, ASN1_TIME_free);

static int no_password(unused_ char *to, unused_ int size, unused_ int writing, unused_ void *context) {
        return -1;
}

/* Microseconds from @from to @to; false where they are no times. */
static bool between(const ASN1_TIME *from, const ASN1_TIME *to, int64_t *out) {
        int days, seconds;

        if (!ASN1_TIME_diff(&days, &seconds, from, to))
                return false;
        *out = ((int64_t)days * 24 * 3600 + seconds) * SECOND;
        return true;
}

static bool read_pem(struct str text, struct certificate_fact *out) {
        cleanup_(BIO_free_allp) BIO *bio = text.n > INT_MAX ? NULL : BIO_new_mem_buf(text.p, (int)text.n);
        cleanup_(X509_freep) X509 *x = bio ? PEM_read_bio_X509(bio, NULL, no_password, NULL) : NULL;
        cleanup_(ASN1_TIME_freep) ASN1_TIME *now = ASN1_TIME_set(NULL, (time_t)(clock_wall() / SECOND));

        return x && now && between(now, X509_get0_notAfter(x), &out->left.value) &&
               between(X509_get0_notBefore(x), X509_get0_notAfter(x), &out->lasts.value);
}

static void add(struct survey *s, struct str path) {
        struct fact_list *list = &s->facts->host.certificates;
        struct certificate_fact one = { .origin.key = path, .path.value = path };
        struct str text;
        int r;

        if (path.n == 0)
                return;
        r = survey_read_in(s, "", path, &text);
        if (r != 0)
                survey_unread(s, &list->head, path.p, r);
        else if (!read_pem(text, &one))
                survey_unknown(s, &list->head, "%" STR_FMT " holds no certificate that can be read", STR_ARG(path));
        else
                FACT_ADD(s->keep, list, one);
}

void survey_certificates(struct survey *s) {
        struct fact_head *cell = &s->facts->host.certificates.head;

        if (s->settings->why.p) {
                survey_unknown(s, cell, "%" STR_FMT, STR_ARG(s->settings->why));
                return;
        }
        add(s, s->settings->authority);
        add(s, s->settings->certificate);
        if (cell->state == FACT_UNKNOWN)
                return;
        if (s->facts->host.certificates.n > 0)
                survey_found(cell);
        else
                survey_off(s, cell, "dockerd is told of no certificate");
}
