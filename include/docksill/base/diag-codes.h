#pragma once
/*
 * diag-codes: the table of everything docksill says about a person's file.
 *
 * X(constant, id, what it means, what to do). A code keeps its meaning for ever and is never reused; add new ones at
 * the end of their hundred: DS1xx files and YAML, DS2xx rules, DS3xx environments and configuration, DS4xx tests in
 * rules, DS5xx the style of rules, DS6xx frameworks (`docksill rules lint`).
 */
/* clang-format off */
#define DIAG_CODE_ROWS(X)                                                                                              \
        X(DIAG_FILE_UNREADABLE, "DS101", "a file or folder could not be read", "check the path and its permissions")   \
        X(DIAG_FILE_TOO_LARGE, "DS102", "a file is larger than docksill reads", "split the file")                      \
        X(DIAG_YAML_SYNTAX, "DS103", "the text is not YAML", "fix the syntax at the caret; quote text with : # { [ *") \
        X(DIAG_YAML_DUPLICATE_KEY, "DS104", "a key is given twice in one map", "remove one of them")                     \
        X(DIAG_YAML_LIMIT, "DS105", "the file nests too deep, or holds too many nodes or aliases", "simplify or split it") \
        X(DIAG_FOLDER_EMPTY, "DS106", "a folder holds no rule file", "name a folder with .yaml files of kind: rules")   \
        X(DIAG_YAML_TAG, "DS107", "a YAML tag stands before a value", "remove it; docksill knows the type of each key") \
        X(DIAG_WRONG_DOCUMENT, "DS201", "the document is of another version or kind than expected here",               \
          "begin it with docksill: v1 and the kind that belongs here")                                                 \
        X(DIAG_UNKNOWN_KEY, "DS202", "this map has no such key", "see the suggestion") \
        X(DIAG_MISSING_KEY, "DS203", "a key that must be there is missing", "add it")                                  \
        X(DIAG_WRONG_TYPE, "DS204", "the value has another shape than the key wants", "write it as the message says")   \
        X(DIAG_BAD_NAME, "DS205", "a name is not made of lower-case letters, digits and dashes", "rename it")           \
        X(DIAG_DUPLICATE_ID, "DS206", "two rules, lists or values have one name", "rename or remove one")               \
        X(DIAG_UNKNOWN_FACT, "DS214", "no fact has this name", "see `docksill facts list` and the suggestion")          \
        X(DIAG_UNKNOWN_OPERATOR, "DS215", "no operator of this name fits the fact's type", "see the suggestion")        \
        X(DIAG_WRONG_OPERAND, "DS216", "the operand does not fit the operator or the fact's type", "write it as the message says") \
        X(DIAG_UNKNOWN_LIST, "DS217", "no list has this name", "define it under lists: or see the suggestion")          \
        X(DIAG_UNKNOWN_VALUE, "DS218", "no value has this name", "define it under values: or see the suggestion")       \
        X(DIAG_UNKNOWN_OPERATION, "DS219", "no Engine API operation matches", "see the suggestion; `service.*` matches a family") \
        X(DIAG_CONFIDENTIAL, "DS220", "a message shows a confidential fact", "name the field, never its value")     \
        X(DIAG_BAD_REGEX, "DS221", "the regular expression does not compile", "fix it at the offset named")            \
        X(DIAG_NO_OPERATION, "DS222", "no operation yields all the facts that the rule uses", "split the rule")         \
        X(DIAG_BAD_TEMPLATE, "DS223", "a message or fix has an unbalanced brace or names nothing", "write {fact} or {$value}") \
        X(DIAG_UNUSED_LIST, "DS224", "a list or value is never used", "remove it, or use it")                           \
        X(DIAG_UNREACHABLE_CASE, "DS225", "a case stands after one that always matches", "move the case without when: last") \
        X(DIAG_ALLOW_WIDE, "DS226", "an item of an allow-list would allow everything", "name what you want to allow: a path, a registry, a name") \
        X(DIAG_PASTED_TEXT, "DS227", "text from a request would be unquoted in a line that an admin pastes", "name the list and the fact under fix: {list: {NAME: fact}}; docksill writes the line") \
        X(DIAG_ITEM_IDLE, "DS228", "an item of an allow-list allows nothing as it is written", "write it as the message says") \
        X(DIAG_PROFILE_VALUE, "DS229", "a profile says what no remedy can be made of", "write it as the message says") \
        X(DIAG_UNKNOWN_RULE, "DS301", "no rule has this id", "see the suggestion")                                      \
        X(DIAG_EXTENDS_LOOP, "DS302", "an environment extends itself", "break the circle")                              \
        X(DIAG_LIMIT_LOOSENED, "DS303", "an environment allows more than the one it extends", "make sure that this is intended") \
        X(DIAG_LIMIT_ORDER, "DS304", "warn limits are above deny limits", "make warn the lower one")                    \
        X(DIAG_ENVIRONMENT_UNKNOWN, "DS305", "no environment has this name", "see the suggestion, or give a file's path") \
        X(DIAG_ACCESS_NOBODY, "DS306", "an access entry applies to nobody, or does not say to whom", "name users, or anonymous: true") \
        X(DIAG_EXEMPTION_OPEN, "DS307", "an exemption matches what any caller may make up", "name a user, an image by digest, id or name, or a container by target.id") \
        X(DIAG_EXEMPTION_HARD, "DS308", "a hard rule is lifted too easily", "name a user, a container by target.id, or all that makes the image run as built; and the value under only:") \
        X(DIAG_EXEMPTION_NEVER, "DS309", "no exemption may lift the rule", "take the rule out of the exemption")        \
        X(DIAG_EXEMPTION_DATE, "DS310", "an exemption's expiry is not a date", "write it like 2026-12-31")                  \
        X(DIAG_EXEMPTION_EXPIRED, "DS311", "an exemption has expired and has no effect", "remove it, or renew it")   \
        X(DIAG_EXEMPTION_SOON, "DS312", "an exemption expires within 30 days", "fix what it excuses, or renew it")  \
        X(DIAG_OPENED, "DS313", "an override weakens what the rules refuse everywhere", "make sure that this is intended; an exemption allows one thing rather than all") \
        X(DIAG_OVERRIDE_NEVER, "DS314", "no override may change the rule", "take the override out") \
        X(DIAG_RULE_MISSING, "DS315", "a rule that the environment requires is missing", "look for a file of rules that is missing, cut short or not named under rules:") \
        X(DIAG_OVERRIDE_IDLE, "DS316", "an override changes nothing", "take out the override before it that switched the rule off") \
        X(DIAG_PLACE_UNUSABLE, "DS317", "serve can't use a place that the settings name", "make the folder, or name another place") \
        X(DIAG_PLACE_UNSEEN, "DS318", "the settings name a socket where nobody answers or looks", "check the path; before the first start this may be fine") \
        X(DIAG_ENVIRONMENT_TWICE, "DS319", "an environment has the name of another one", "give it a name of its own: records and refusals tell environments by it") \
        X(DIAG_EXEMPTION_BLANK, "DS320", "an exemption does not say yet who answers for it, or why", "write the owner and the reason into it") \
        X(DIAG_STEP_DAY, "DS330", "a step's first day is no day, or not after the one before", "write it like 2027-03-01, and the steps in the order of their days") \
        X(DIAG_STEP_ORDER, "DS331", "a step is milder than the one before, or stricter than the environment", "make each step stricter, the environment's own deny the strictest") \
        X(DIAG_STEP_LAST, "DS332", "the last step is not the environment's own deny", "end with {from: DAY, enforce: all}") \
        X(DIAG_TEST_FAILED, "DS401", "a rule's own test failed", "fix the rule or the test")               \
        X(DIAG_TEST_MISSING, "DS402", "a rule has no firing or no quiet test", "add one of each under tests:")     \
        X(DIAG_STYLE_WHY, "DS501", "a rule does not say why it is there", "say under why: what an attacker gains")      \
        X(DIAG_STYLE_FIX, "DS502", "a rule has no fix for the command line", "add fix: {cli: …}, to each case that has a fix of its own too") \
        X(DIAG_STYLE_REFERENCES, "DS503", "a rule refers to no guidance", "add references: {framework: [item]}")        \
        X(DIAG_STYLE_TITLE, "DS504", "a title does not read like the others", "begin it with a capital letter, end it without a full stop") \
        X(DIAG_STYLE_MESSAGE, "DS505", "a message ends with a full stop", "remove it; the refusal joins messages by semicolons") \
        X(DIAG_STYLE_FLAG, "DS506", "a flag does not begin with a dash", "write it as docker run takes it: --name value") \
        X(DIAG_REGEX_NESTED, "DS507", "a regular expression repeats what repeats", "write it without a quantifier in what a quantifier repeats; or make the inner one possessive: a++") \
        X(DIAG_CASE_IDLE, "DS508", "a case is never reached: one above it holds wherever it does", "put the narrower case first, or take it out") \
        X(DIAG_CONDITION_TWICE, "DS509", "a condition stands there twice, or two rules test the same", "take one of them out") \
        X(DIAG_FLAG_IDLE, "DS510", "flags of a fix do not lift the finding", "offer flags that do, or none: what is beside them is for cli:") \
        X(DIAG_EXEMPTION_WIDE, "DS511", "an exemption stands for a family of users or images, and for all that its rules judge", "name one, or say under only: or remaining-points: how far it goes") \
        X(DIAG_RULE_RENAMED, "DS334", "a rule is called by a name that it had", "write the new name")                   \
        X(DIAG_CONTROL_UNKNOWN, "DS601", "a rule refers to a control that its framework does not have", "see the suggestion, or add the control to the framework") \
        X(DIAG_CONTROL_BARE, "DS602", "a control is said to be covered, and no rule refers to it", "write covers: none and why, or refer to it in a rule") \
        X(DIAG_CONTROL_COVERED, "DS603", "a control is said not to be covered, and a rule refers to it", "write covers: part or full, or take the reference out of the rule")
/* clang-format on */

enum diag_code {
#define X(constant, id, meaning, remedy) constant,
        DIAG_CODE_ROWS(X)
#undef X
                DIAG_CODES,
};
