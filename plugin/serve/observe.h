#pragma once
/*
 * observe: which of the things that responses tell are news.
 *
 * A monitor asks for /info every few seconds, and always hears the same: one record an hour is enough of that.
 */
#include "docksill/serve/route.h"

/* Are the findings of @d others than those of the last response of this operation, or is that an hour ago? A response
 * without findings is news only after one with some. */
bool observe_news(struct observations *o, const struct request *response, const struct decision *d,
                  const struct ruleset *rules, int64_t now);
