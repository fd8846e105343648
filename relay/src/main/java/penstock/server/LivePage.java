package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.server.body.WholePage;

/**
 * A page of the relay that is written with the client in JavaScript: that at {@code /}, and the operator's. Its content
 * security policy allows the files and the sessions of this host, and nothing else: no script or style inside the page,
 * no other host. Of a {@linkplain WholePage page in one piece} it allows that script and that style. Immutable.
 *
 * <p>Runs on the io threads.
 */
final class LivePage implements HttpHandler {
    /** The page at {@code /}. */
    static final String FRONT = "index.html";
    /** What it is made of beside the client, as paths of the listener; uPlot draws the chart. */
    static final List<String> FILES = List.of("page/theme.css", "page/page.css", "page/main.js", "page/chart.js",
        "page/detail.js", "page/format.js", "page/grid.js", "page/history.js", "page/ladder.js", "page/market.js",
        "page/search.js", "page/session.js", "page/settings.js", "page/tape.js", "page/trend.js", "page/uplot.css",
        "page/uplot.js");

    private static final HttpString POLICY = new HttpString("Content-Security-Policy");
    private static final HttpString REFERRER = new HttpString("Referrer-Policy");

    private final BrowserFile page;
    private final String policy;

    /**
     * The page in {@code file}. {@code auth} is how its readers show who they are: a page of a relay that asks for it
     * has a field for a key.
     */
    LivePage(final String file, final String auth) {
        final WholePage whole = new WholePage(text(file), LivePage::text);
        policy = "default-src 'none'; script-src " + whole.scripts() + "; style-src " + whole.styles()
            + "; connect-src 'self'; worker-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";
        page = new BrowserFile("text/html; charset=utf-8", whole.text()
            .replace("data-auth=\"none\"", "data-auth=\"" + auth + "\"").getBytes(StandardCharsets.UTF_8));
    }

    private static String text(final String file) {
        return new String(BrowserFile.load(file), StandardCharsets.UTF_8);
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(POLICY, policy).put(REFERRER, "no-referrer");
        page.handleRequest(exchange);
    }
}
