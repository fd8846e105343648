package penstock.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class, or a package, logs while this is open. Any thread may log; one thread reads. */
public final class RecordedLog implements AutoCloseable {
    private final Logger logger;
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    /** {@code name}: of the logger. */
    public RecordedLog(final String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        events.start();
        logger.addAppender(events);
    }

    /** The messages so far, each with its level. */
    public List<String> lines() {
        return List.copyOf(events.list).stream()
            .map(event -> event.getLevel() + " " + event.getFormattedMessage()).toList();
    }

    /** The threads that logged them. */
    public List<String> threads() {
        return List.copyOf(events.list).stream().map(ILoggingEvent::getThreadName).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(events);
        events.stop();
    }
}
