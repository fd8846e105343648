package penstock.system;

/** A fault, and how the findings name it: with these words each text begins. Immutable. */
enum SeededFault {
    /** One of a thousand sessions reads nothing. */
    SLOW_SESSION("warning", "session ", "1 of 1000 sessions is late: ", "its socket takes no bytes",
        "the others do not wait for it"),
    /** The venue accepts a symbol and sends nothing of it. */
    SILENT_SYMBOL("warning", "feed faulty", "no value came for quote QUIET",
        "the venue accepted these symbols and has sent nothing", "check their spelling"),
    /** Each login ends with "logged in elsewhere". */
    EVICTED("critical", "feed faulty", "its prices are not live",
        "another program goes on logging in with the same credentials",
        "stop it, or give it credentials of its own"),
    /** More updates than the ring has room for. */
    FULL_RING("critical", "ring", "the ring is full", "the io threads need longer for the updates",
        "more cores, longer intervals or fewer subscribers"),
    /** Nothing reads the log. */
    BLOCKED_LOG("warning", "log", "the log is blocked", "nothing reads standard output or standard error",
        "restart the log collector"),
    /** Updates are from the future. */
    WRONG_CLOCK("warning", "feed faulty", "the venue's time in its updates is ",
        "this machine's clock is behind, or the venue's is ahead", "compare this machine's clock with a time server");

    final String severity;
    final String subject;
    final String text;
    final String cause;
    final String remedy;

    SeededFault(final String severity, final String subject, final String text, final String cause,
            final String remedy) {
        this.severity = severity;
        this.subject = subject;
        this.text = text;
        this.cause = cause;
        this.remedy = remedy;
    }
}
