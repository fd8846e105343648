package penstock.config.relay;

import java.util.Map;

/**
 * What is written to the log, and how. Immutable.
 *
 * @param format what the lines look like
 * @param level  of all loggers that have none of their own; null = as the configuration of the JVM's log says
 * @param levels by the names of packages and classes
 */
public record LogConfig(Format format, Level level, Map<String, Level> levels) {
    /** For whom a line is. */
    public enum Format {
        /** For people: time, level, message. */
        TEXT,
        /** For programs: one JSON object a line. */
        JSON
    }

    /** What a line is at least, to be written. */
    public enum Level {
        /** Something failed. */
        ERROR,
        /** Something needs attention. */
        WARN,
        /** What an operator wants to know. */
        INFO,
        /** What explains a fault. */
        DEBUG,
        /** Everything. */
        TRACE
    }
}
