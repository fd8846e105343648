package penstock.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ThreadOwnerTest {
    private final ThreadOwner owner = new ThreadOwner();

    @Test
    void shouldBelongToTheFirstThreadThatCalls() {
        assertThat(owner.check()).isTrue();
        assertThat(owner.check()).isTrue();
    }

    @Test
    void shouldRefuseAnotherThreadAndNameBoth() {
        owner.check();

        assertThatThrownBy(this::checkElsewhere).isInstanceOf(ExecutionException.class)
            .cause().isInstanceOf(AssertionError.class)
            .hasMessageMatching("owned by thread .+, called by thread .+");
    }

    @Test
    void shouldBelongToTheNextCallerAfterARelease() throws Exception {
        owner.check();
        owner.release();

        assertThat(checkElsewhere()).isTrue();
        assertThatThrownBy(owner::check).isInstanceOf(AssertionError.class);
    }

    private boolean checkElsewhere() throws Exception {
        return CompletableFuture.supplyAsync(owner::check, task -> new Thread(task, "another").start()).get();
    }
}
