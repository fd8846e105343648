package penstock.venue;

/** What a message is to a channel; a later constant counts more. */
enum MessageUse {
    /** It lacks the symbol or the value. */
    NONE,
    /** It changes nothing. */
    IGNORED,
    /** An update, perhaps a repeated one. */
    DATA
}
