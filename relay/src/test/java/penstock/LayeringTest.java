package penstock;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The package table of the architecture page: which package may know which other, and how tangled one may be. */
class LayeringTest {
    private static final int MAX_CLASSES = 25;
    private static final int MAX_KNOT = 2;

    /** Known to package {@code penstock} alone; {@link OptionalPartsTest} takes them out. */
    static final Set<String> OPTIONAL = Set.of("replay", "server.deflate", "server.raw", "server.sse", "tap");

    /** An artefact of its own: other projects use it. */
    static final Set<String> ARTEFACT = Set.of("client", "client.rows", "client.socket", "client.value");

    static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
        Map.entry("text", Set.of()),
        Map.entry("thread", Set.of()),
        Map.entry("memory", Set.of("thread")),
        Map.entry("config", Set.of("text")),
        Map.entry("config.relay", Set.of("config", "text")),
        Map.entry("tls", Set.of("text")),
        Map.entry("supervisor", Set.of()),
        Map.entry("time", Set.of("config", "thread")),
        Map.entry("json", Set.of()),
        Map.entry("wire", Set.of()),
        Map.entry("wire.request", Set.of("text", "wire")),
        Map.entry("websocket", Set.of()),
        Map.entry("telemetry", Set.of("text")),
        Map.entry("quota", Set.of("telemetry")),
        Map.entry("audit", Set.of("config.relay", "telemetry", "text", "wire")),
        Map.entry("identity", Set.of("audit", "config.relay", "quota", "telemetry", "text", "wire",
            "wire.request")),
        Map.entry("identity.key", Set.of("config", "config.relay", "identity", "telemetry", "text")),
        Map.entry("identity.jwt", Set.of("config", "config.relay", "identity", "telemetry", "text")),
        Map.entry("identity.rights", Set.of("config.relay", "identity", "telemetry", "text")),
        Map.entry("ring", Set.of("telemetry", "thread")),
        Map.entry("versioned", Set.of()),
        Map.entry("book", Set.of("ring", "versioned")),
        Map.entry("venue.rule", Set.of("config", "json")),
        Map.entry("venue.symbol", Set.of("config", "text", "venue.rule")),
        Map.entry("venue.spec", Set.of("config", "ring", "text", "time", "venue.rule", "venue.symbol")),
        Map.entry("venue.book", Set.of("book", "config", "json", "ring", "text", "time", "venue.rule", "venue.spec")),
        Map.entry("venue.emit", Set.of("config", "json", "ring", "venue.rule")),
        Map.entry("venue.plugin", Set.of("book", "config", "venue.spec")),
        Map.entry("venue.login", Set.of("config", "text", "time", "venue.plugin", "venue.rule", "venue.spec")),
        Map.entry("venue.replay", Set.of("config", "venue.rule", "venue.spec")),
        Map.entry("venue", Set.of("book", "config", "json", "ring", "text", "venue.book", "venue.emit", "venue.login",
            "venue.plugin", "venue.replay", "venue.rule", "venue.spec", "venue.symbol")),
        Map.entry("venue.listing", Set.of("config", "ring", "venue", "venue.spec", "venue.symbol")),
        Map.entry("upstream", Set.of("telemetry", "text", "thread", "time", "tls", "venue.login", "venue.spec",
            "websocket")),
        Map.entry("upstream.login", Set.of("text", "thread", "time", "upstream", "venue.login", "venue.plugin",
            "venue.spec")),
        Map.entry("upstream.line", Set.of("json", "text", "thread", "time", "upstream", "venue.login", "venue.spec")),
        Map.entry("feed.request", Set.of("text", "time", "upstream", "venue.book", "venue.rule", "venue.spec")),
        Map.entry("feed.book", Set.of("book", "feed.request", "json", "ring", "telemetry", "text", "time", "upstream",
            "venue", "venue.book", "venue.plugin", "venue.rule", "venue.spec")),
        Map.entry("feed.merge", Set.of("ring")),
        Map.entry("feed.report", Set.of()),
        Map.entry("feed.tick", Set.of("feed.book", "feed.request", "ring", "telemetry", "text", "time", "venue",
            "venue.emit", "venue.spec")),
        Map.entry("feed", Set.of("config.relay", "feed.book", "feed.report", "feed.request", "feed.tick", "ring",
            "telemetry", "text", "thread", "time", "upstream", "upstream.line", "upstream.login", "venue",
            "venue.login", "venue.spec", "venue.symbol", "websocket")),
        Map.entry("link.message", Set.of("envelope", "ring", "text", "wire")),
        Map.entry("link", Set.of("feed.report", "feed.tick", "link.message", "ring", "telemetry", "text", "thread",
            "time", "upstream", "venue.spec", "websocket")),
        Map.entry("link.bus", Set.of("feed.report", "feed.tick", "link", "link.message", "nats", "telemetry", "text",
            "thread", "time", "upstream", "wire")),
        Map.entry("rows", Set.of("wire")),
        Map.entry("envelope", Set.of()),
        Map.entry("topic.image", Set.of("book", "memory", "ring", "rows", "versioned", "wire")),
        Map.entry("topic", Set.of("memory", "ring", "rows", "topic.image", "wire")),
        Map.entry("fanout.schedule", Set.of("topic", "wire")),
        Map.entry("fanout.format", Set.of("websocket", "wire")),
        Map.entry("fanout.layout", Set.of("memory", "thread")),
        Map.entry("fanout.subscription", Set.of("fanout.format", "fanout.layout", "fanout.schedule", "identity",
            "memory", "quota", "ring", "telemetry", "thread", "topic", "topic.image", "usage.session", "wire",
            "wire.request")),
        Map.entry("fanout.frame", Set.of("envelope", "fanout.format", "fanout.schedule", "fanout.subscription", "ring",
            "rows", "telemetry", "topic", "topic.image", "usage", "usage.session", "websocket", "wire")),
        Map.entry("fanout.harm", Set.of("audit", "fanout.frame", "fanout.schedule", "fanout.subscription", "topic",
            "wire")),
        Map.entry("fanout", Set.of("audit", "fanout.format", "fanout.frame", "fanout.harm", "fanout.schedule",
            "fanout.subscription", "identity", "memory", "quota", "ring", "telemetry", "thread", "topic",
            "usage.session", "websocket", "wire", "wire.request")),
        Map.entry("fanout.link", Set.of("audit", "fanout", "fanout.frame", "fanout.harm", "fanout.subscription",
            "identity", "wire")),
        Map.entry("server", Set.of("audit", "config.relay", "fanout", "fanout.format", "fanout.frame", "fanout.link",
            "identity", "memory", "quota", "server.auth", "server.body", "server.edge", "server.limit", "server.pace",
            "server.tls", "telemetry", "thread", "topic", "usage.session", "websocket", "wire", "wire.request")),
        Map.entry("server.body", Set.of()),
        Map.entry("server.auth", Set.of("config.relay", "identity", "quota", "server.tls", "text", "thread", "wire",
            "wire.request")),
        Map.entry("server.edge", Set.of("audit", "memory", "server.limit", "telemetry", "text", "thread")),
        Map.entry("server.limit", Set.of("fanout", "fanout.schedule", "memory", "thread")),
        Map.entry("server.tls", Set.of("config.relay", "memory", "telemetry", "thread", "tls")),
        Map.entry("server.snapshot", Set.of("fanout", "identity", "memory", "ring", "server", "server.auth",
            "server.body", "server.edge", "server.pace", "telemetry", "topic", "topic.image", "usage.session",
            "wire", "wire.request")),
        Map.entry("server.deflate", Set.of("fanout.format", "memory", "server", "telemetry", "websocket", "wire")),
        Map.entry("server.pace", Set.of("fanout", "memory", "wire", "wire.request")),
        Map.entry("server.raw", Set.of("fanout", "fanout.format", "server", "topic", "wire", "wire.request")),
        Map.entry("server.sse", Set.of("fanout.format", "server", "server.edge", "wire", "wire.request")),
        Map.entry("changes", Set.of()),
        Map.entry("server.ops", Set.of("audit", "changes", "config.relay", "fanout", "feed.report", "identity",
            "lease", "link", "memory", "ring", "server", "server.auth", "telemetry", "text", "topic", "wire")),
        Map.entry("server.admin", Set.of("audit", "changes", "config.relay", "fanout", "fanout.frame", "fanout.harm",
            "fanout.schedule", "fanout.subscription", "feed.report", "finding", "identity", "identity.rights",
            "server", "server.auth", "telemetry", "text", "thread", "topic", "topic.image", "wire")),
        Map.entry("server.links", Set.of("audit", "fanout", "fanout.frame", "fanout.harm", "fanout.schedule",
            "fanout.subscription", "finding", "identity", "server", "server.admin", "server.auth", "telemetry",
            "thread", "wire", "wire.request")),
        Map.entry("finding", Set.of("audit", "fanout.harm", "feed.report", "lease", "link", "ring", "telemetry",
            "topic", "venue")),
        Map.entry("reload", Set.of("changes", "config", "config.relay", "server.admin")),
        Map.entry("nats", Set.of("config", "config.relay", "finding", "tls")),
        Map.entry("bus", Set.of("audit", "config.relay", "fanout", "fanout.format", "fanout.frame", "fanout.harm",
            "fanout.schedule", "fanout.subscription", "finding", "identity", "nats", "ring", "telemetry", "text",
            "thread", "topic", "topic.image", "websocket", "wire", "wire.request")),
        Map.entry("lease", Set.of()),
        Map.entry("lease.etcd", Set.of("identity", "lease", "tls")),
        Map.entry("ingest", Set.of("changes", "config.relay", "feed", "lease", "lease.etcd", "telemetry", "tls")),
        Map.entry("running", Set.of("config", "config.relay", "fanout.subscription", "feed", "feed.report", "finding",
            "memory", "recording.delay", "recording.write", "reload", "ring", "server.ops", "telemetry", "time",
            "topic", "upstream", "venue", "venue.spec")),
        Map.entry("edge.session", Set.of("edge", "identity", "link.message", "server", "server.admin",
            "server.auth", "telemetry", "text", "wire", "wire.request")),
        Map.entry("edge", Set.of("config.relay", "fanout.subscription", "feed.report", "feed.tick", "ingest", "link",
            "link.bus", "link.message", "memory", "ring", "running", "telemetry", "text", "topic", "upstream")),
        Map.entry("progress", Set.of()),
        Map.entry("top", Set.of("telemetry", "text", "tls")),
        Map.entry("warmup", Set.of("audit", "config.relay", "fanout", "identity", "identity.key", "memory", "ring",
            "server", "telemetry", "topic", "websocket")),
        Map.entry("recording", Set.of()),
        Map.entry("recording.delay", Set.of("config", "config.relay", "recording", "thread", "time", "upstream",
            "venue", "venue.replay", "venue.spec")),
        Map.entry("recording.write", Set.of("config.relay", "feed.report", "json", "recording", "telemetry", "text",
            "thread", "upstream", "venue", "venue.login", "venue.spec")),
        Map.entry("replay", Set.of("config", "progress", "recording", "thread", "time", "venue", "venue.replay",
            "venue.spec", "websocket")),
        Map.entry("client.value", Set.of()),
        Map.entry("client.socket", Set.of("client.value")),
        Map.entry("client.rows", Set.of("client.value")),
        Map.entry("client", Set.of("client.rows", "client.socket", "client.value")),
        Map.entry("usage.ledger", Set.of()),
        Map.entry("usage", Set.of("text", "thread", "usage.ledger")),
        Map.entry("usage.session", Set.of("config.relay", "identity", "telemetry", "usage")),
        Map.entry("tap", Set.of("client", "client.socket", "client.value", "text", "tls", "wire")));

    private static JavaClasses classes;

    /** Takes seconds: a test that needs a table alone does not wait for it. */
    @BeforeAll
    static void read() {
        classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("penstock");
    }

    @Test
    void shouldLetEachPackageKnowOnlyThePackagesOfTheTable() {
        final Set<String> breaches = new TreeSet<>();
        for (final JavaClass type : classes) {
            final String room = room(type);
            if (!room.isEmpty()) {
                assertThat(MAY_KNOW).as("every package is in the table").containsKey(room);
                for (final Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    final JavaClass target = dependency.getTargetClass();
                    if (isOurs(target) && !room(target).equals(room) && !MAY_KNOW.get(room).contains(room(target))) {
                        breaches.add(type.getName() + " knows " + target.getName());
                    }
                }
            }
        }
        assertThat(breaches).isEmpty();
    }

    @Test
    void shouldLetOnlyTheCompositionRootKnowOptionalCapabilities() {
        final Set<String> breaches = new TreeSet<>();
        for (final JavaClass type : classes) {
            for (final Dependency dependency : type.getDirectDependenciesFromSelf()) {
                final String target = room(dependency.getTargetClass());
                if (OPTIONAL.contains(target) && !room(type).equals(target) && !room(type).isEmpty()) {
                    breaches.add(type.getName() + " knows " + dependency.getTargetClass().getName());
                }
            }
        }
        assertThat(breaches).isEmpty();
    }

    @Test
    void shouldLeaveNoClassElsewhereThatOnlyOptionalPartsUse() {
        final Map<String, Set<String>> users = new TreeMap<>();
        for (final JavaClass type : classes) {
            for (final Dependency dependency : type.getDirectDependenciesFromSelf()) {
                final JavaClass target = dependency.getTargetClass();
                if (!room(target).isEmpty() && !OPTIONAL.contains(room(target)) && !ARTEFACT.contains(room(target))
                        && !topLevel(target).equals(topLevel(type))) {
                    users.computeIfAbsent(topLevel(target), name -> new TreeSet<>()).add(
                        OPTIONAL.contains(room(type)) ? "an optional part" : topLevel(type));
                }
            }
        }
        assertThat(users).isNotEmpty();
        users.values().removeIf(names -> !names.equals(Set.of("an optional part")));
        assertThat(users.keySet()).isEmpty();
    }

    @Test
    void shouldLetTheClientKnowNothingButTheJdk() {
        assertThat(classes.stream().filter(type -> ARTEFACT.contains(room(type)))
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream()).map(Dependency::getTargetClass)
            .map(type -> type.getBaseComponentType().getPackageName()))
            .isNotEmpty().allMatch(name -> name.isEmpty() || name.matches("(java|penstock\\.client)(\\..*)?"));
    }

    @Test
    void shouldHaveNoCyclesAtAnyDepth() {
        slices().matching("penstock.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void shouldKeepPackagesSmall() {
        final Map<String, Set<String>> members = new TreeMap<>();
        for (final JavaClass type : classes) {
            if (!type.getSimpleName().equals("package-info")) {
                members.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>()).add(topLevel(type));
            }
        }
        assertThat(members).allSatisfy((name, types) -> assertThat(types).as(name).hasSizeLessThanOrEqualTo(
            MAX_CLASSES));
    }

    @Test
    void shouldHaveNoKnots() {
        final Map<String, Set<String>> edges = new TreeMap<>();
        for (final JavaClass type : classes) {
            final Set<String> targets = edges.computeIfAbsent(topLevel(type), name -> new TreeSet<>());
            for (final Dependency dependency : type.getDirectDependenciesFromSelf()) {
                if (isOurs(dependency.getTargetClass())) {
                    targets.add(topLevel(dependency.getTargetClass()));
                }
            }
        }
        assertThat(Knots.of(edges)).allSatisfy(knot -> assertThat(knot).hasSizeLessThanOrEqualTo(MAX_KNOT));
    }

    @Test
    void shouldFindAKnot() {
        final List<Set<String>> knots = Knots.of(Map.of("a", Set.of("b", "d"), "b", Set.of("c"), "c", Set.of("a"),
            "d", Set.of("e"), "e", Set.of()));

        assertThat(new ArrayList<>(knots)).containsExactly(Set.of("a", "b", "c"));
    }

    @Test
    void shouldNameNoPackageAfterALayer() {
        final Set<String> layers = Set.of("util", "utils", "common", "core", "impl", "manager", "helper");
        assertThat(classes).noneMatch(type -> Set.of(room(type).split("\\.")).stream().anyMatch(layers::contains));
    }

    private static boolean isOurs(final JavaClass type) {
        return type.getPackageName().startsWith("penstock");
    }

    private static String room(final JavaClass type) {
        final String name = type.getPackageName();
        return name.startsWith("penstock.") ? name.substring("penstock.".length()) : "";
    }

    private static String topLevel(final JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }
}
