#include "docksill/base/clock.h"
#include "doctor.h"
#include "unconfirmed.h"
#include <limits.h>

static void look_at_file(struct doctor *d) {
        const struct registration *r = &d->r;
        const struct daemon_json *file = &r->file;

        if (file->wrong) {
                doctor_find(d, "settings-invalid", "Mend the file: dockerd does not start with it, nor reload it.",
                            "%s:%u: %s", r->settings, file->line, file->wrong);
                return;
        }
        if (!str_empty(file->misspelt)) {
                cleanup_(text_deinit) struct text key;

                text_init(&key);
                text_add_visible(&key, file->misspelt, 60);
                doctor_find(d, "key-misspelt",
                            "Write \"" DAEMON_JSON_KEY "\", with both s, or take the key out and run docksill enable.",
                            "%s has the key \"%s\", by which dockerd asks nobody", r->settings, key.p ? key.p : "");
        }
}

/* A flag alone holds until the next SIGHUP; with the key beside it dockerd does not start (PROTOCOL 1.1). */
static void look_at_flags(struct doctor *d) {
        const struct registration *r = &d->r;
        bool named = daemon_json_names(&r->file, r->plugin);

        if (r->dockerd.n && r->file.given)
                doctor_find(d, "flag-and-key", "Take the flag out of dockerd's unit.",
                            "dockerd's command line has --authorization-plugin, and %s has the key too: dockerd will "
                            "not start with both",
                            r->settings);
        else if (registration_by_flag(r) && !named)
                doctor_find(d, "flag-only",
                            "Take the flag out of dockerd's unit, restart dockerd, and run docksill enable.",
                            "docksill is registered by a flag of dockerd alone: the next SIGHUP (systemctl reload "
                            "docker) drops it without a word, and docker info still lists it");
        else if (!named && !r->file.wrong)
                doctor_find(d, "not-registered", "Run docksill enable.", "%s does not name %" STR_FMT, r->settings,
                            STR_ARG(r->plugin));
}

static void look_at_others(struct doctor *d) {
        const struct named_list *plugins = &d->r.file.plugins;
        cleanup_(text_deinit) struct text order;

        text_init(&order);
        if (plugins->n < 2 || !daemon_json_names(&d->r.file, d->r.plugin))
                return;
        for (size_t i = 0; i < plugins->n; ++i) {
                text_addz(&order, i ? ", " : "");
                text_add_visible(&order, plugins->items[i].name, 40);
        }
        doctor_find(d, "other-plugin",
                    "That is right if it is meant: the first that refuses ends a call, and those behind it are not "
                    "asked; put docksill first to have all calls recorded.",
                    "dockerd asks %zu plugins, in this order: %s", plugins->n, order.p ? order.p : "");
}

static void look_at_proof(struct doctor *d) {
        const struct registration *r = &d->r;
        bool named = daemon_json_names(&r->file, r->plugin) || registration_by_flag(r);

        if (!d->engine)
                return;
        if (d->asked.asked == ASKED_NO && named)
                doctor_find(d, "not-asked", "Send dockerd SIGHUP (systemctl reload docker), and look again.",
                            "docksill is registered, but dockerd answers without asking it");
        if (d->asked.asked == ASKED_SILENT)
                doctor_find(
                        d, "engine-silent",
                        "Is dockerd there (systemctl status docker), and docksill (systemctl status docksill)? "
                        "While docksill is gone dockerd refuses every call; docksill disable lets it go on without.",
                        "the engine at %s does not answer as it should: %s", r->engine, d->asked.why);
        if (d->asked.asked == ASKED_YES && !str_eqz(r->plugin, d->asked.plugin))
                doctor_find(d, "other-name", "Name it by --plugin.",
                            "dockerd asks docksill, but by another name than "
                            "that of its socket");
}

static void look_at_unconfirmed(struct doctor *d) {
        int64_t until = unconfirmed_until(&d->r);

        if (until && until < clock_wall())
                doctor_find(d, "unconfirmed", "Run docksill confirm, or docksill disable.",
                            "docksill enable --confirm-within was not confirmed, and nothing has undone it");
}

void doctor_look_at_registration(struct doctor *d) {
        look_at_file(d);
        look_at_flags(d);
        look_at_others(d);
        look_at_proof(d);
        look_at_unconfirmed(d);
}
