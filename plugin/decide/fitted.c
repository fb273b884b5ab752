#include "fitted.h"

/* One flag being fitted. */
struct fitting {
        struct flags *out;
        struct str flag, name, value;
        const struct profile *profile;
        const struct request *request;
        struct arena *arena;
};

static void add_flag(struct fitting *f, struct str flag) {
        if (!str_is_among(flag, f->out->items, f->out->n))
                ARENA_ADD(f->arena, f->out, flag);
}

/* "--name before-value-after" */
static void add_made(struct fitting *f, const char *before, struct str value, struct str after) {
        struct text t;

        text_init_arena(&t, f->arena);
        text_add(&t, f->name);
        text_addf(&t, " %s", before);
        text_add(&t, value);
        text_add(&t, after);
        if (!t.failed)
                add_flag(f, text_str(&t));
}

/* Whoever is not root writes to none of root's folders; anybody writes to /tmp. */
static void add_folders(struct fitting *f) {
        bool service = f->request->operation && f->request->operation->yields & GROUP_SERVICE;
        const struct profile_items *tmpfs = &f->profile->tmpfs;

        f->name = service ? STR_C("--mount") : STR_C("--tmpfs");
        for (size_t i = 0; i < tmpfs->n; ++i)
                if (!str_eqz(tmpfs->items[i], "/tmp"))
                        add_made(f, service ? "type=tmpfs,target=" : "", tmpfs->items[i],
                                 service ? STR_C(",tmpfs-size=64m") : STR_C(":rw,noexec,nosuid,size=64m"));
}

static void fit_user(struct fitting *f) {
        struct str tag = f->request->facts.image.tag.value, digest = f->request->facts.image.digest.value;
        struct str user = profile_user(f->profile, tag, tag.n == 0 && digest.n > 0);

        if (user.n)
                add_made(f, "", user, (struct str){ 0 });
        else
                add_flag(f, f->flag);
        add_folders(f);
}

/* What a program is given whoever it runs as. */
static void fit_drop(struct fitting *f) {
        const struct profile_items *capabilities = &f->profile->capabilities;

        add_flag(f, f->flag);
        for (size_t i = 0; i < capabilities->n; ++i) {
                struct text t;

                text_init_arena(&t, f->arena);
                text_addz(&t, "--cap-add ");
                text_add(&t, capabilities->items[i]);
                if (!t.failed && !flag_steps_down(text_str(&t)))
                        add_flag(f, text_str(&t));
        }
}

static void fit_capabilities(struct fitting *f) {
        const struct profile_items *capabilities = &f->profile->capabilities;

        if (!capabilities->given)
                add_flag(f, f->flag);
        for (size_t i = 0; i < capabilities->n; ++i)
                add_made(f, "", capabilities->items[i], (struct str){ 0 });
}

/* The options stay as the rule has them. */
static void fit_tmpfs(struct fitting *f, const char *before, char after) {
        const struct profile_items *tmpfs = &f->profile->tmpfs;
        struct str rest = str_skip(f->value, strlen(before));
        size_t end = str_find(rest, after);

        if (!tmpfs->given || !str_starts(f->value, str_from(before)))
                add_flag(f, f->flag);
        else
                for (size_t i = 0; i < tmpfs->n; ++i)
                        add_made(f, before, tmpfs->items[i], str_skip(rest, end));
}

/* Never less than the rule offers, with which dockerd may refuse a reservation; nor as much as the host has. */
static void fit_memory(struct fitting *f) {
        const struct fact_int *host = &f->request->facts.host.memory;
        int64_t wanted = f->profile->memory_bytes, offered;

        if (flag_bytes(f->value, &offered) && wanted > offered &&
            !(host->head.state == FACT_KNOWN && host->value > 0 && host->value <= wanted))
                add_made(f, "", f->profile->memory, (struct str){ 0 });
        else
                add_flag(f, f->flag);
}

static void fit_processes(struct fitting *f) {
        char number[16];
        struct text t;

        text_init_fixed(&t, number, sizeof(number));
        text_add_int(&t, f->profile->processes);
        if (f->profile->processes)
                add_made(f, "", text_str(&t), (struct str){ 0 });
        else
                add_flag(f, f->flag);
}

void fitted_add(struct flags *out, struct str flag, const struct profile *profile, const struct request *request,
                struct arena *arena) {
        struct fitting f = { .out = out,
                             .flag = flag,
                             .name = flag_name(flag),
                             .value = flag_value(flag),
                             .profile = profile,
                             .request = request,
                             .arena = arena };

        if (!profile)
                add_flag(&f, flag);
        else if (str_eqz(f.name, "--user"))
                fit_user(&f);
        else if (str_eqz(f.name, "--cap-drop"))
                fit_drop(&f);
        else if (str_eqz(f.name, "--cap-add"))
                fit_capabilities(&f);
        else if (str_eqz(f.name, "--tmpfs"))
                fit_tmpfs(&f, "", ':');
        else if (str_eqz(f.name, "--mount"))
                fit_tmpfs(&f, "type=tmpfs,target=", ',');
        else if (str_eqz(f.name, "-m") || str_eqz(f.name, "--memory-swap") || str_eqz(f.name, "--limit-memory"))
                fit_memory(&f);
        else if (str_eqz(f.name, "--pids-limit") || str_eqz(f.name, "--limit-pids"))
                fit_processes(&f);
        else
                add_flag(&f, flag);
}
