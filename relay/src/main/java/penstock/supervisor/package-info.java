/** What the relay tells the supervisor that started it, such as systemd: ready, stopping, alive. Thread: notify. */
package penstock.supervisor;
