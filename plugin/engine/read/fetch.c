#include "fetch.h"
#include "address.h"
#include "facts/cell.h"

/* "scheme://user:password@HOST:PORT/path", "git@HOST:path", "HOST/path". Where there are two @, git goes by the first
 * one and a URL by the last: without a scheme it is left whole then, which is no host. */
static struct str authority_of(struct str url) {
        size_t scheme = str_search(url, STR_C("://"));
        struct str authority = url_authority(scheme < url.n ? str_skip(url, scheme + 3) : url);
        size_t at = str_find_last(authority, '@');

        if (scheme == url.n && at < authority.n && str_find(authority, '@') == at)
                return str_first(str_skip(authority, at + 1), str_find(str_skip(authority, at + 1), ':'));
        return scheme < url.n && at < authority.n ? str_skip(authority, at + 1) : authority;
}

void fetch_read(struct reading *in, const char *field, enum word what, struct str url) {
        struct address address;

        if (str_empty(url))
                return;
        address_read(&address, in->arena, authority_of(url));
        FACT_ADD(in->arena, &in->facts->fetches,
                 (struct fetch_fact){ .origin = { .field = field },
                                      .what = cell_word(what),
                                      .host = cell_str(address.host),
                                      .reach = cell_word(address.reach) });
}

void fetch_registry(struct reading *in, const char *field) {
        fetch_read(in, field, WORD_REGISTRY, in->facts->image.registry.value);
}
