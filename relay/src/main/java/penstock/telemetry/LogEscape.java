package penstock.telemetry;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/**
 * The message of a log event and the top of its stack trace, always in one line: what would start another line, hide
 * text or move the cursor is escaped, for part of it may come from a peer. Used by logback, on any thread.
 */
public final class LogEscape extends ThrowableHandlingConverter {
    private static final int LONGEST = 4_000;
    private static final int FRAMES = 12;
    private static final int CAUSES = 5;

    @Override
    public String convert(final ILoggingEvent event) {
        final StringBuilder line = new StringBuilder();
        putEscaped(line, String.valueOf(event.getFormattedMessage()));
        IThrowableProxy error = event.getThrowableProxy();
        for (int i = 0; error != null && i < CAUSES; i++) {
            putError(line, error, i == 0 ? " | " : " | caused by ");
            error = error.getCause();
        }
        return line.toString();
    }

    private static void putError(final StringBuilder line, final IThrowableProxy error, final String before) {
        putEscaped(line.append(before), error.getClassName()
            + (error.getMessage() == null ? "" : ": " + error.getMessage()));
        final StackTraceElementProxy[] frames = error.getStackTraceElementProxyArray();
        for (int i = 0; frames != null && i < Math.min(FRAMES, frames.length); i++) {
            line.append(i == 0 ? " at " : " < ").append(frames[i].getStackTraceElement());
        }
    }

    private static void putEscaped(final StringBuilder line, final String text) {
        for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
            final char c = text.charAt(i);
            if (isDangerous(c)) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        if (text.length() > LONGEST) {
            line.append("… (").append(text.length()).append(" characters)");
        }
    }

    /** C0, DEL, C1, line and paragraph separators, and the marks that reverse the direction of what is shown. */
    private static boolean isDangerous(final char c) {
        return c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || c >= 0x202a && c <= 0x202e
            || c >= 0x2066 && c <= 0x2069;
    }
}
