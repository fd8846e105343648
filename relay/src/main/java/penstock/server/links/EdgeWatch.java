package penstock.server.links;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import penstock.fanout.SlicedWork;
import penstock.finding.LateEdge;
import penstock.server.IoThreadContext;
import penstock.server.IoThreadContexts;
import penstock.telemetry.Telemetry;

/**
 * Looks once a second how the links of edges are served, for metrics and findings.
 *
 * <p>Looked at on one io thread; each shard answers on its own. Any thread reads what was found last.
 */
public final class EdgeWatch {
    private static final long NS_PER_SECOND = 1_000_000_000;

    private final IoThreadContexts contexts;
    private final Telemetry telemetry;
    private final EdgeNames names = new EdgeNames(this::register);
    private final AtomicInteger left = new AtomicInteger();
    /** By label. */
    private volatile Map<String, EdgeFigure> figures = Map.of();

    /** Of the edges of {@code contexts}; registers their metrics as they come. */
    public EdgeWatch(final IoThreadContexts contexts, final Telemetry telemetry) {
        this.contexts = contexts;
        this.telemetry = telemetry;
        telemetry.gauge("penstock_edges", "Relays that are connected to this one.", () -> contexts.edges().count());
        telemetry.gauge("penstock_edge_sessions", "Sessions that edges have reported.",
            () -> contexts.edges().sessionCount());
    }

    /** Begins a look, unless there is no edge or the last look is not over. On one io thread. */
    public void look() {
        if (left.get() > 0) {
            return;
        }
        final Map<String, String> links = contexts.edges().links();
        if (links.isEmpty()) {
            figures = Map.of();
            return;
        }
        final Collection<IoThreadContext> all = contexts.all();
        final List<LinkFigures> questions = new ArrayList<>();
        left.set(all.size());
        all.forEach(context -> context.execute(() -> {
            final LinkFigures question = new LinkFigures(context.shard());
            synchronized (questions) {
                questions.add(question);
            }
            context.work().addLater(new Question(question, () -> onAnswer(links, questions)));
        }));
    }

    /** One of a shard. */
    private record Question(LinkFigures asked, Runnable whenDone) implements SlicedWork.Task {
        @Override
        public boolean advance(final SlicedWork.Slice slice) {
            final boolean isDone = asked.advance(slice);
            if (isDone) {
                whenDone.run();
            }
            return isDone;
        }

        @Override
        public void onFailure(final Throwable failure) {
            asked.onFailure(failure);
            whenDone.run();
        }
    }

    /** The last one puts all together. */
    private void onAnswer(final Map<String, String> links, final List<LinkFigures> questions) {
        if (left.get() == 1) {
            final Map<String, EdgeFigure> found = new LinkedHashMap<>();
            synchronized (questions) {
                questions.forEach(each -> each.figures().forEach((session, figure) -> {
                    if (links.containsKey(session)) {
                        found.merge(names.of(links.get(session)), figure, EdgeFigure::plus);
                    }
                }));
            }
            figures = found;
        }
        left.decrementAndGet();
    }

    private void register(final String label) {
        seconds("penstock_edge_late_seconds", "How long the oldest value waits that the edge should have been sent.",
            label, figure -> figure.late().lateNs());
        seconds("penstock_edge_behind_seconds", "How far the oldest value that the edge lacks is behind.", label,
            figure -> figure.late().behindNs());
        telemetry.countSeconds("penstock_edge_blocked_seconds_total", "For how long the socket of the edge's link has "
            + "taken no bytes.", NS_PER_SECOND, () -> read(label, figure -> figure.socket().blockedInAllNs()), "edge",
            label);
        telemetry.gauge("penstock_edge_waiting_bytes", "Bytes that wait for the socket of the edge's link.",
            () -> read(label, figure -> figure.socket().waitingBytes()), "edge", label);
        count("penstock_edge_updates_total", "Updates that the edge's link was sent.", label,
            figure -> figure.sent().updates());
        count("penstock_edge_conflated_total", "Updates that were conflated into later ones for the edge.", label,
            figure -> figure.sent().conflated());
        count("penstock_edge_bytes_total", "Bytes that the edge's link was sent.", label,
            figure -> figure.sent().bytes());
    }

    private void seconds(final String name, final String sentence, final String label,
            final ToLongFunction<EdgeFigure> value) {
        telemetry.seconds(name, sentence, NS_PER_SECOND, () -> read(label, value), "edge", label);
    }

    private void count(final String name, final String sentence, final String label,
            final ToLongFunction<EdgeFigure> value) {
        telemetry.count(name, sentence, () -> read(label, value), "edge", label);
    }

    private long read(final String label, final ToLongFunction<EdgeFigure> value) {
        final EdgeFigure figure = figures.get(label);
        return figure == null ? Telemetry.UNKNOWN : value.applyAsLong(figure);
    }

    /** The edges that are late, for findings. */
    public List<LateEdge> late() {
        final List<LateEdge> late = new ArrayList<>();
        figures.forEach((name, figure) -> {
            if (figure.late().cause() != null) {
                late.add(new LateEdge(name, figure.late().lateNs(), figure.late().cause()));
            }
        });
        return late;
    }
}
