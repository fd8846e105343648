package penstock;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The package table of the README: which room may know which other. */
class LayeringTest {
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
        Map.entry("config", Set.of()),
        Map.entry("wire", Set.of()),
        Map.entry("websocket", Set.of()),
        Map.entry("telemetry", Set.of()),
        Map.entry("ring", Set.of("telemetry")),
        Map.entry("book", Set.of("ring")),
        Map.entry("topic", Set.of("ring", "book", "wire")),
        Map.entry("fanout", Set.of("ring", "topic", "wire", "websocket", "telemetry")),
        Map.entry("feed", Set.of("config", "ring", "book", "websocket", "telemetry")),
        Map.entry("server", Set.of("config", "fanout", "topic", "wire", "websocket", "telemetry")),
        Map.entry("replay", Set.of("config", "feed", "websocket", "telemetry")),
        Map.entry("tap", Set.of("wire")));

    private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("penstock");

    @Test
    void shouldLetEachRoomKnowOnlyTheRoomsOfTheTable() {
        final Set<String> breaches = new TreeSet<>();
        for (final JavaClass type : classes) {
            final String room = room(type);
            if (!room.isEmpty()) {
                assertThat(MAY_KNOW).as("a room that the table does not name").containsKey(room);
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
    void shouldHaveNoCycles() {
        slices().matching("penstock.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void shouldNameNoRoomAfterALayer() {
        assertThat(classes).noneMatch(type -> Set.of("util", "utils", "common", "core", "impl", "manager", "helper").contains(room(type)));
    }

    private static boolean isOurs(final JavaClass type) {
        return type.getPackageName().startsWith("penstock");
    }

    private static String room(final JavaClass type) {
        final String[] parts = type.getPackageName().split("\\.");
        return isOurs(type) && parts.length > 1 ? parts[1] : "";
    }
}
