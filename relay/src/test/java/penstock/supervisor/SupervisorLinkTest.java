package penstock.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;
import penstock.testkit.RecordedLog;

class SupervisorLinkTest {
    private final AtomicBoolean hangs = new AtomicBoolean();

    @TempDir
    private Path folder;

    @Test
    void shouldTellASupervisorOnARealSocketUntilAThreadHangs() {
        shouldTell(folder.resolve("notify").toString());
    }

    @Test
    void shouldTellASupervisorInTheAbstractNamespace() {
        shouldTell("@penstock-test-" + ProcessHandle.current().pid());
    }

    private void shouldTell(final String path) {
        try (NotifyReceiver receiver = new NotifyReceiver(path)) {
            // half of 400 ms is below the least time after which a thread counts as stuck, 1.5 s
            SupervisorLink.open(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "400000"), service());
            final List<String> messages = new ArrayList<>();
            awaitMessage(receiver, messages, "READY=1");
            assertThat(messages).contains("WATCHDOG=1");
            hangs.set(true);
            awaitMessage(receiver, messages, "STATUS=the thread feed hangs");
            assertThat(messages.get(messages.size() - 2)).isEqualTo("WATCHDOG=1");
            assertThat(receiver.poll()).isNull();
        }
    }

    @Test
    void shouldSayWhatHappensToTheRelay() {
        final String path = folder.resolve("notify").toString();
        try (NotifyReceiver receiver = new NotifyReceiver(path)) {
            final SupervisorLink link = SupervisorLink.open(Map.of("NOTIFY_SOCKET", path), service());
            final List<String> messages = new ArrayList<>();
            awaitMessage(receiver, messages, "STATUS=feed live");
            assertThat(messages).doesNotContain("WATCHDOG=1");
            link.reload(() -> assertThat(receiver.poll()).startsWith("RELOADING=1\nMONOTONIC_USEC="));
            assertThat(receiver.poll()).isEqualTo("READY=1");
            link.stopping();
            assertThat(receiver.poll()).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void shouldDoNothingWithoutASupervisor() {
        final AtomicBoolean isReloaded = new AtomicBoolean();
        final SupervisorLink link = SupervisorLink.open(Map.of(), service());
        link.reload(() -> isReloaded.set(true));
        link.stopping();

        assertThat(isReloaded).isTrue();
    }

    @Test
    void shouldRunOnAndLogThatThereIsNoSuchSocket() {
        try (RecordedLog log = new RecordedLog("penstock.supervisor")) {
            SupervisorLink.open(Map.of("NOTIFY_SOCKET", folder.resolve("gone").toString()), service()).stopping();
            assertThat(log.lines()).singleElement().asString()
                .startsWith("ERROR the supervisor (NOTIFY_SOCKET) cannot hear that the relay is ready: ");
        }
    }

    @Test
    void shouldRefuseWhatIsNoAddress() {
        for (final String wrong : List.of("relative", "/", "/" + "x".repeat(200))) {
            assertThatThrownBy(() -> new NotifySocket(wrong)).isInstanceOf(IOException.class)
                .hasMessageContaining("NOTIFY_SOCKET must be a path like");
        }
    }

    @Test
    void shouldTakeTheWatchdogOfItsOwnProcessOnly() {
        assertThat(SupervisorLink.watchdogNs(Map.of("WATCHDOG_USEC", "10000000"), 7)).isEqualTo(10_000_000_000L);
        assertThat(SupervisorLink.watchdogNs(Map.of("WATCHDOG_USEC", "1", "WATCHDOG_PID", "7"), 7)).isEqualTo(1_000);
        assertThat(SupervisorLink.watchdogNs(Map.of("WATCHDOG_USEC", "1", "WATCHDOG_PID", "8"), 7)).isZero();
        assertThat(SupervisorLink.watchdogNs(Map.of("WATCHDOG_USEC", "soon"), 7)).isZero();
        assertThat(SupervisorLink.watchdogNs(Map.of(), 7)).isZero();
    }

    private static void awaitMessage(final NotifyReceiver receiver, final List<String> messages, final String last) {
        await(last).atMost(Patience.LIMIT).until(() -> {
            for (String next = receiver.poll(); next != null; next = receiver.poll()) {
                messages.add(next);
            }
            return messages.contains(last);
        });
    }

    private SupervisedService service() {
        return new SupervisedService() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public String status() {
                return "feed live";
            }

            @Override
            public Map<String, LongSupplier> pulses() {
                return Map.of("feed", () -> hangs.get() ? 0 : System.nanoTime());
            }
        };
    }
}
