#include "docksill/wire/flaw.h"

#include <assert.h>

static const struct {
        struct str name;
        const char *doc;
} rows[] = {
#define X(constant, name, doc) [constant] = { STR(name), doc },
        FLAW_ROWS(X)
#undef X
};

_Static_assert(FLAWS <= 64, "a set of flaws is one word");

void flaws_add(struct flaws *f, enum flaw flaw, struct str where) {
        assert(flaw < FLAWS);
        if (flaws_have(f, flaw))
                return;
        f->set |= UINT64_C(1) << flaw;
        if (f->n < FLAW_NOTES)
                f->notes[f->n++] = (struct flaw_note){ flaw, where };
}

struct str flaw_name(enum flaw flaw) {
        assert(flaw < FLAWS);
        return rows[flaw].name;
}

const char *flaw_doc(enum flaw flaw) {
        assert(flaw < FLAWS);
        return rows[flaw].doc;
}
