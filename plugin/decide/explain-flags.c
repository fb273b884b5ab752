#include "docksill/decide/explain-flags.h"

#include "docksill/decide/gate.h"
#include <errno.h>

struct fix_flags {
        const struct template *const *items;
        size_t n;
};

static struct fix_flags fix_flags(const struct fix *fix, const struct request *request) {
        if (request->operation && request->operation->yields & GROUP_SERVICE)
                return (struct fix_flags){ fix->service, fix->n_service };
        return (struct fix_flags){ fix->flags, fix->n_flags };
}

bool explain_has_flags(const struct fix *fix, const struct request *request) {
        return fix_flags(fix, request).n > 0;
}

static void add_once(struct explain_flags *out, struct str flag, struct arena *arena) {
        for (size_t i = 0; i < out->n; ++i)
                if (str_eq(out->items[i], flag))
                        return;
        ARENA_ADD(arena, out, flag);
}

static void add_evidence(struct explain_flags *out, const struct evidence *e, const struct request *request,
                         struct arena *arena) {
        struct scope scope = { .facts = &request->facts, .element = e->element, .spelling = e->spelling };
        struct fix_flags flags = fix_flags(e->cause->fix, request);

        for (size_t i = 0; i < flags.n; ++i) {
                const struct template *template = flags.items[i];
                struct str flag = template_words(template);
                struct text t;

                /* What an unknown list may hold besides what was seen has no element to fill in. */
                if (!e->element && template_of_element(template))
                        continue;
                if (!flag.p) {
                        text_init_arena(&t, arena);
                        template_add(&t, template, &scope);
                        flag = t.failed ? (struct str){ 0 } : text_str(&t);
                }
                if (flag.n)
                        add_once(out, flag, arena);
        }
}

int explain_flags(struct explain_flags *out, const struct decision *d, const struct limits *limits,
                  const struct request *request, struct arena *arena) {
        *out = (struct explain_flags){ 0 };
        arena_latch(arena);
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (limits ? !gate_tells(d, f, limits) : f->exempted_by != NULL)
                        continue;
                for (size_t k = 0; k < f->n_evidence && !arena_full(arena); ++k)
                        add_evidence(out, &f->evidence[k], request, arena);
        }
        return arena_unlatch(arena) ? -ENOMEM : 0;
}

static bool shell_safe(char c) {
        switch (c) {
        case '_':
        case '@':
        case '%':
        case '+':
        case '=':
        case ':':
        case ',':
        case '.':
        case '/':
        case '-': return true;
        default: return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || ascii_digit(c);
        }
}

/* One word for a shell, in single quotes when it needs them. */
static void add_word(struct text *out, struct str word) {
        size_t safe = 0;

        while (safe < word.n && shell_safe(word.p[safe]))
                ++safe;
        if (safe == word.n && word.n > 0) {
                text_add(out, word);
                return;
        }
        text_add_char(out, '\'');
        for (size_t i = 0; i < word.n; ++i)
                if (word.p[i] == '\'')
                        text_addz(out, "'\\''");
                else
                        text_add_char(out, word.p[i]);
        text_add_char(out, '\'');
}

void explain_add_flag(struct text *out, struct str flag) {
        size_t name = 0;

        while (name < flag.n && (flag.p[name] == '-' || (name > 0 && shell_safe(flag.p[name]) && flag.p[name] != '=')))
                ++name;
        if (name == 0 || name == flag.n || (flag.p[name] != ' ' && flag.p[name] != '=')) {
                add_word(out, flag);
                return;
        }
        text_add(out, str_first(flag, name + 1));
        add_word(out, str_skip(flag, name + 1));
}
