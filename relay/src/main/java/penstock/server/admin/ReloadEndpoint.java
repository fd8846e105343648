package penstock.server.admin;

import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import java.util.function.Supplier;
import penstock.config.relay.ConfigView;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContext;
import penstock.server.IoThreadContexts;
import penstock.telemetry.ErrorLog;
import penstock.wire.MessageBuffer;

/**
 * {@code POST /admin/v1/reload}: reads the configuration again, and says what changed. Files are read by a worker.
 *
 * <p>Runs on the io threads.
 */
public final class ReloadEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/reload";

    private final IoThreadContexts contexts;
    private final ErrorLog errors;
    private final Supplier<ReloadReport> reload;

    /** {@code reload} may take its time. */
    public ReloadEndpoint(final IoThreadContexts contexts, final ErrorLog errors,
            final Supplier<ReloadReport> reload) {
        this.contexts = contexts;
        this.errors = errors;
        this.reload = reload;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (!AdminQuery.hasNone(exchange)) {
            return;
        }
        final IoThreadContext context = contexts.of(exchange);
        exchange.dispatch(exchange.getConnection().getWorker(), () -> {
            final ReloadReport report = tryReload();
            context.execute(() -> Connectors.executeRootHandler(later -> send(later, report), exchange));
        });
    }

    /** Null if the relay failed. */
    private ReloadReport tryReload() {
        try {
            return reload.get();
        } catch (final RuntimeException | Error e) {
            errors.record("the configuration could not be read again", e);
            return null;
        }
    }

    private static void send(final HttpServerExchange exchange, final ReloadReport report) {
        if (report == null) {
            HttpResponse.error(exchange, 500, "internal", "the relay failed; see its log");
        } else if (report.problem() != null) {
            HttpResponse.error(exchange, 400, "bad_config", report.problem());
        } else {
            final MessageBuffer body = new MessageBuffer(512);
            changes(body.put("{\"applied\":"), report.applied());
            changes(body.put(",\"restart\":"), report.restart());
            HttpResponse.json(exchange, 200, body.put('}'));
        }
    }

    private static void changes(final MessageBuffer body, final List<ConfigView.Change> changes) {
        String separator = "[";
        for (final ConfigView.Change each : changes) {
            body.put(separator).put("{\"key\":").putString(each.key());
            if (each.before() != null) {
                body.put(",\"before\":").putString(each.before());
            }
            if (each.after() != null) {
                body.put(",\"after\":").putString(each.after());
            }
            body.put('}');
            separator = ",";
        }
        body.put(changes.isEmpty() ? "[]" : "]");
    }
}
