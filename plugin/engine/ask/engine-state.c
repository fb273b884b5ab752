#include "docksill/engine/engine-state.h"
#include "facts/word.h"

/* Shown in each record, so only what is no longer than a version and has the characters of one. */
static bool keep(char *to, size_t size, struct str s) {
        if (s.n == 0 || s.n >= size)
                return false;
        for (size_t i = 0; i < s.n; ++i)
                if (s.p[i] <= ' ' || s.p[i] > '~')
                        return false;
        memcpy(to, s.p, s.n);
        to[s.n] = 0;
        return true;
}

static struct str header(const struct request *response, const char *name) {
        const struct go_list *headers = &response->envelope.response_headers;

        for (size_t i = 0; i < headers->n; ++i) {
                const struct go_pair *pair = gojson_item(headers, i, sizeof(*pair));

                if (pair->value.given && str_eq_fold(pair->key, str_from(name)))
                        return pair->value.value;
        }
        return (struct str){ 0 };
}

/* "Docker/20.10.24+dfsg1 (linux)" */
static struct str engine_version(const struct request *response) {
        struct str server = header(response, "Server");

        if (str_starts(server, STR_C("Docker/"))) {
                server = str_skip(server, 7);
                return str_first(server, str_find(server, ' '));
        }
        if (response->is_response && request_yields(response) & GROUP_ENGINE)
                return response->facts.daemon.version.value;
        return (struct str){ 0 };
}

/* Folders are added to those known: an answer in an older version of the API leaves out what a newer one tells, and
 * none of them changes without a start of dockerd. */
static void take_info(struct engine_state *l, const struct facts *f) {
        l->size.memory = f->daemon.memory.value;
        l->size.processors = f->daemon.processors.value;
        l->unconfined = f->daemon.apparmor.head.given && !f->daemon.apparmor.value && !f->daemon.selinux.value;
        l->remapped = f->daemon.userns.value;
        l->rootless = f->daemon.rootless.value;
        for (size_t i = 0; i < f->daemon.folders.n; ++i)
                engine_folders_add(&l->folders, f->daemon.folders.items[i], ENGINE_DATA);
        for (size_t i = 0; i < f->daemon.obeyed_folders.n; ++i)
                engine_folders_add(&l->folders, f->daemon.obeyed_folders.items[i], ENGINE_OBEYED);
}

void engine_state_take(struct engine_state *l, const struct request *response, int64_t now) {
        const struct fact_word *privileges = &response->facts.daemon.new_privileges;

        if (keep(l->version, sizeof(l->version), engine_version(response)))
                l->version_at = now;
        if (keep(l->api, sizeof(l->api), header(response, "Api-Version")))
                l->api_at = now;
        /* An engine that can't tell of it leaves the fact off, as it was. */
        if (response->is_response && request_yields(response) & GROUP_INFO && privileges->head.state == FACT_KNOWN) {
                l->no_new_privileges = str_eqz(privileges->value, "denied");
                l->no_new_privileges_at = now;
        }
        if (response->is_response && request_yields(response) & GROUP_INFO)
                take_info(l, &response->facts);
}

/* moby daemon/command/httphandler.go: HTTP/2 without TLS from 29.2 on. What is no number is
 * older. */
static bool serves_http2(struct str version) {
        struct str rest = version, major = str_cut(&rest, '.'), minor = str_cut(&rest, '.');
        int64_t x, y;

        if (str_int(major, &x) < 0)
                return false;
        return x > 29 || (x == 29 && (str_int(minor, &y) < 0 || y >= 2));
}

void engine_state_tell(const struct engine_state *l, struct request *request) {
        if (request->zero_length_alone && serves_http2(str_from(l->version)))
                request->facts.request.form_unproven = (struct fact_bool){ .head.given = true, .value = true };
        if (l->unconfined)
                request->facts.daemon.confinement = cell_word(WORD_NONE);
        if (l->remapped)
                request->facts.daemon.remapping = cell_word(WORD_ON);
        if (l->rootless)
                request->facts.daemon.remapping = cell_word(WORD_ROOTLESS);
        if (!l->no_new_privileges_at)
                return;
        request->facts.daemon.no_new_privileges =
                (struct fact_bool){ .head.given = true, .value = l->no_new_privileges };
}
