package penstock.telemetry;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import penstock.text.PrintableText;

/**
 * The message of a log event and the top of its stack trace, always in one line and escaped, because part of it may
 * come from a peer. Called by logback, on any thread.
 */
public final class LogEscape extends ThrowableHandlingConverter {
    private static final int MAX_CHARS = 4_000;
    private static final int MAX_FRAMES = 12;
    private static final int MAX_CAUSES = 5;

    @Override
    public String convert(final ILoggingEvent event) {
        final StringBuilder line = new StringBuilder();
        appendEscaped(line, String.valueOf(event.getFormattedMessage()));
        IThrowableProxy error = event.getThrowableProxy();
        for (int i = 0; error != null && i < MAX_CAUSES; i++) {
            appendError(line.append(i == 0 ? " | " : " | caused by "), error);
            error = error.getCause();
        }
        return line.toString();
    }

    private static void appendError(final StringBuilder line, final IThrowableProxy error) {
        appendEscaped(line, error.getClassName() + (error.getMessage() == null ? "" : ": " + error.getMessage()));
        final StackTraceElementProxy[] frames = error.getStackTraceElementProxyArray();
        for (int i = 0; frames != null && i < Math.min(MAX_FRAMES, frames.length); i++) {
            line.append(i == 0 ? " at " : " < ").append(frames[i].getStackTraceElement());
        }
    }

    private static void appendEscaped(final StringBuilder line, final String text) {
        PrintableText.appendEscaped(line, text, MAX_CHARS);
        if (text.length() > MAX_CHARS) {
            line.append("… (").append(text.length()).append(" characters)");
        }
    }
}
