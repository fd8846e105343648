package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.server.HttpResponse;
import penstock.telemetry.LogLevels;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;

/**
 * {@code GET /admin/v1/log}: the levels of the log. {@code POST} changes one, until the process ends.
 *
 * <p>Runs on the io threads.
 */
public final class LogEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/log";
    /** Its methods. */
    public static final List<HttpString> METHODS = List.of(Methods.GET, Methods.HEAD, Methods.POST);

    private static final Logger LOG = LoggerFactory.getLogger(LogEndpoint.class);
    private static final String LEVEL = "level";
    private static final String LOGGER = "logger";
    private static final String INHERIT = "inherit";

    private final ChangeLog changes;

    /** {@code changes} learns of each new level. */
    public LogEndpoint(final ChangeLog changes) {
        this.changes = changes;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            if (exchange.getRequestMethod().equals(Methods.POST)) {
                change(AdminQuery.of(exchange, List.of(LEVEL, LOGGER)));
            } else {
                AdminQuery.of(exchange, List.of());
            }
            final MessageBuffer body = new MessageBuffer(512).put("{\"levels\":{");
            String separator = "";
            for (final Map.Entry<String, String> each : LogLevels.all().entrySet()) {
                body.put(separator).putString(each.getKey()).put(':').putString(each.getValue());
                separator = ",";
            }
            HttpResponse.json(exchange, 200, body.put("}}"));
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private void change(final AdminQuery query) throws RequestException {
        final List<String> levels = new ArrayList<>(LogLevels.NAMES);
        levels.add(INHERIT);
        final String level = query.choice(LEVEL, null, levels.toArray(new String[0]), each -> each);
        if (level == null) {
            throw AdminQuery.bad(LEVEL, "is missing: one of " + String.join(", ", levels));
        }
        final String logger = query.text(LOGGER) == null ? Logger.ROOT_LOGGER_NAME : query.text(LOGGER);
        if (!LogLevels.set(logger, level.equals(INHERIT) ? null : level)) {
            throw AdminQuery.bad(LOGGER, "is a class or a package of the relay that has logged something, like "
                + "penstock.feed; without it all are meant, which cannot inherit a level");
        }
        LOG.info("the operator set the level of the log to {} for {}", level, logger);
        changes.add(ChangeKind.RELAY, null, "the operator set the level of the log to " + level + " for " + logger);
    }
}
