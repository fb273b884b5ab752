#include "mask-name.h"

static bool ends_fold(struct str s, struct str end) {
        return s.n >= end.n && str_eq_fold(str_skip(s, s.n - end.n), end);
}

/* They say where a secret lies, how long it lasts or whose it is, not what it is. */
static bool is_about_secret(struct str name) {
        static const struct str ends[] = { STR("file"), STR("path"), STR("dir"),  STR("expiry"), STR("ttl"),
                                           STR("name"), STR("id"),   STR("type"), STR("length"), STR("user") };

        for (size_t i = 0; i < ARRAY_SIZE(ends); ++i)
                if (ends_fold(name, ends[i]))
                        return true;
        return str_eqz(name, "PWD") || str_eqz(name, "OLDPWD");
}

static bool holds_fold(struct str s, struct str word) {
        for (size_t i = 0; i + word.n <= s.n; ++i)
                if (str_eq_fold(between(s, i, i + word.n), word))
                        return true;
        return false;
}

/* A word of its own, between what is no letter or digit. */
static bool has_word(struct str name, struct str word) {
        for (size_t i = 0; i + word.n <= name.n; ++i)
                if ((i == 0 || !is_alnum(name.p[i - 1])) && (i + word.n == name.n || !is_alnum(name.p[i + word.n])) &&
                    str_eq_fold(between(name, i, i + word.n), word))
                        return true;
        return false;
}

static bool sounds_secret(struct str name) {
        static const struct str parts[] = { STR("passw"),  STR("passphrase"), STR("secret"), STR("token"),
                                            STR("apikey"), STR("credential"), STR("cakey"),  STR("unlockkey") };
        static const struct str words[] = { STR("pass"),          STR("pwd"),     STR("pw"),        STR("key"),
                                            STR("keys"),          STR("cred"),    STR("creds"),     STR("auth"),
                                            STR("authorization"), STR("salt"),    STR("dsn"),       STR("jwt"),
                                            STR("cookie"),        STR("webhook"), STR("pat"),       STR("otp"),
                                            STR("seed"),          STR("sig"),     STR("signature"), STR("signing") };

        static const struct str ends[] = { STR("pass"), STR("pwd"), STR("key"), STR("auth") };

        for (size_t i = 0; i < ARRAY_SIZE(parts); ++i)
                if (holds_fold(name, parts[i]))
                        return true;
        for (size_t i = 0; i < ARRAY_SIZE(ends); ++i)
                if (ends_fold(name, ends[i]))
                        return true;
        for (size_t i = 0; i < ARRAY_SIZE(words); ++i)
                if (has_word(name, words[i]))
                        return true;
        return false;
}

enum naming naming_of(const struct mask_searches *s, struct str name) {
        size_t start, end;

        if (name.n == 0 || str_eqz(name, "PWD"))
                return NAMES_NOTHING;
        if (ends_fold(name, STR_C("_FILE")) || ends_fold(name, STR_C("_PATH")) || ends_fold(name, STR_C("_EXPIRY")))
                return NAMES_NOTHING;
        if (search_find(s->name, name, &start, &end) || search_find(s->data_name, name, &start, &end))
                return NAMES_SECRET;
        return !is_about_secret(name) && sounds_secret(name) ? NAMES_PERHAPS : NAMES_NOTHING;
}
