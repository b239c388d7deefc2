//! The whole way: from the command to the access and back.
use crate::world::{CHANNEL, worlds};
use chrono::TimeDelta;
use hallpass::demo::slack::read;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_approved_granted_used_and_taken_back() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "write").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Pending Approval");
        assert!(!world.target.holds("ana", "payments", "write"));
        for copy in [world.ask_of("ben", id), world.ask_of("eva", id), world.ask_in_channel(id)] {
            assert_eq!(read::buttons(&copy.blocks), ["Approve", "Reject", "Details"]);
            assert!(copy.all_text().contains("INC-42"), "{}", copy.all_text());
            assert!(copy.all_text().contains("payments (database in Production): write"));
        }

        world.approves("ben", id, "fine by me").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        assert!(world.target.holds("ana", "payments", "write"));
        for copy in [world.ask_of("ben", id), world.ask_of("eva", id), world.ask_in_channel(id)] {
            assert_eq!(read::buttons(&copy.blocks), ["Details"]);
            assert!(
                copy.all_text().contains("Approved by Ben Okafor")
                    || copy.all_text().contains("approved by Ben Okafor"),
                "{}",
                copy.all_text()
            );
            assert!(copy.all_text().contains("fine by me"));
        }
        let ready = world.said_to("ana", id, "Your access is ready");
        assert!(world.clicks("ana", &ready, "connect").await.is_ok());
        let connect = world.sees_modal("ana", "connect").await;
        assert!(connect.all_text().contains("db.example.com"));
        assert!(connect.all_text().contains("s3cret-canary"));

        world.passes(TimeDelta::minutes(59)).await;
        assert_eq!(world.status(id).await, "Active");
        world.passes(TimeDelta::minutes(1)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert!(!world.target.holds("ana", "payments", "write"));
        world.said_to("ana", id, "Its time was over and the access is gone");
        let over = world.said_to("ana", id, "This access has ended");
        assert_eq!(read::buttons(&over.blocks), ["Details"]);
        assert_eq!(world.slack.messages(CHANNEL).len(), 1);
        world.ends().await;
    }
}
