package penstock.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/** The form of the log's lines: text, as {@code logback.xml} has it, or JSON. Called by one thread, at the start. */
public final class LogFormat {
    private LogFormat() {
    }

    /** From now on each line of the process's log is a JSON object, in UTF-8. */
    public static void json() {
        json((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    static void json(final LoggerContext context) {
        final Iterator<Appender<ILoggingEvent>> appenders =
            context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
        while (appenders.hasNext()) {
            if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> stream) {
                stream.setEncoder(new OneObject(context));
            }
        }
    }

    /**
     * An event as logback writes it, without what is empty here. A line has a bound, because part of it may come from a
     * peer: one that would be longer has the message and the errors as one text, cut as in the log for people.
     */
    private static final class OneObject extends JsonEncoder {
        /** {@link LineOutput} passes a line of up to 64 KiB on in one piece. */
        private static final int MAX_LINE_BYTES = 60 << 10;
        private static final int MAX_TEXT_CHARS = 8_000;

        private final LogEscape cut = new LogEscape();

        OneObject(final LoggerContext context) {
            setContext(context);
            setWithContext(false);
            setWithSequenceNumber(false);
            setWithNanoseconds(false);
            setWithMDC(false);
            setWithMarkers(false);
            setWithKVPList(false);
            setWithMessage(false);
            setWithArguments(false);
            setWithFormattedMessage(true);
            start();
        }

        @Override
        public byte[] encode(final ILoggingEvent event) {
            final byte[] line = super.encode(event);
            return line.length <= MAX_LINE_BYTES ? line : super.encode(shortened(event));
        }

        private ILoggingEvent shortened(final ILoggingEvent event) {
            final String text = cut.convert(event);
            final LoggingEvent copy = new LoggingEvent();
            copy.setLoggerName(event.getLoggerName());
            copy.setLevel(event.getLevel());
            copy.setThreadName(event.getThreadName());
            copy.setTimeStamp(event.getTimeStamp());
            copy.setMessage(text.length() <= MAX_TEXT_CHARS ? text : text.substring(0, MAX_TEXT_CHARS) + '…');
            return copy;
        }
    }
}
