package penstock;

/** Every code with which the process can end. The page of commands has the same list. */
enum ExitCode {
    /** Done; a relay was drained. */
    DONE(0),
    /** The command failed. */
    FAILED(1),
    /** Wrong usage. */
    USAGE(2),
    /** Out of memory; the code that the JVM uses with {@code -XX:+ExitOnOutOfMemoryError}. */
    OUT_OF_MEMORY(3),
    /** The venue rejected the relay permanently: {@code EX_NOPERM} of sysexits.h. */
    REFUSED(77),
    /** A configuration is wrong: {@code EX_CONFIG} of sysexits.h. */
    CONFIG(78),
    /** Ctrl-C ended a command that is no relay: 128 + SIGINT. */
    INTERRUPTED(130),
    /** The JVM itself crashed: 128 + SIGABRT. */
    CRASHED(134),
    /** The kernel or an operator killed the process: 128 + SIGKILL. */
    KILLED(137),
    /** {@code SIGTERM} ended a command that is no relay: 128 + SIGTERM. */
    TERMINATED(143);

    private final int code;

    ExitCode(final int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
