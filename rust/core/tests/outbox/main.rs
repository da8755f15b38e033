//! The outbox: whatever is edited, acknowledged, asked for again and lost, each burst that a client applies
//! gives it the page of that rev, what is owed arrives once and in order, and what is held stays bounded.

#[path = "../oracle/dice.rs"]
mod dice;
#[path = "../oracle/edits.rs"]
#[allow(dead_code)]
mod edits;
mod peer;
#[path = "../oracle/random.rs"]
mod random;
#[path = "../oracle/spec.rs"]
#[allow(dead_code)] // the pages, not what they should look like
mod spec;
mod unit;

use std::collections::{HashMap, VecDeque};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use vango_core::node::Hid;
use vango_core::outbox::{Bounds, Client, Outbox};
use vango_core::patch::{PatchKind, PatchNode};
use vango_core::patch_list::{Discard, NodeBuilder};
use vango_core::tree::Tree;
use vango_core::wire::effect::Effect;
use vango_core::wire::fold::Forms;
use vango_core::wire::node;
use vango_core::wire::ops::Encoder;

use dice::Dice;
use edits::evolve;
use peer::Peer;
use random::page;
use spec::{Builder, Spec};

fn document(tree: &Tree) -> PatchNode {
    let mut builder = NodeBuilder::default();
    tree.write(&mut builder);
    builder.finish().expect("a mounted tree writes one node")
}

fn hids(node: &PatchNode, out: &mut Vec<Hid>) {
    out.push(node.hid);
    if let PatchKind::Element { children, .. } = &node.kind {
        for child in children {
            hids(child, out);
        }
    }
}

fn lowered(node: &PatchNode) -> PatchNode {
    node::decode(&node::encode(node, true)).expect("a lowered node is a node")
}

#[derive(Clone, Debug)]
enum Step {
    /// The page changes.
    Edit(u64),
    /// The server seals and gives the transport one message.
    Send,
    /// One message arrives.
    Deliver,
    /// The client acknowledges what it has.
    Ack,
    /// The client asks for a node again, or for everything.
    Refetch(Option<Index>),
    /// Something is to happen once.
    Emit,
    Focus(Index),
    /// The line is cut: what is on its way is lost.
    Cut,
    /// The client comes back, perhaps as one that knows ops 01 to 05 only.
    Connect {
        lower: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => any::<u64>().prop_map(Step::Edit),
        8 => Just(Step::Send),
        6 => Just(Step::Deliver),
        3 => Just(Step::Ack),
        1 => prop::option::weighted(0.7, any::<Index>()).prop_map(Step::Refetch),
        2 => Just(Step::Emit),
        1 => any::<Index>().prop_map(Step::Focus),
        2 => Just(Step::Cut),
        3 => prop::bool::weighted(0.1).prop_map(|lower| Step::Connect { lower }),
    ]
}

/// A session, its client, and the line between them.
struct World {
    bounds: Bounds,
    /// Whether its client inflates, and the shorter forms that it knows.
    knows: (bool, Forms),
    lower: bool,
    tree: Tree,
    builder: Builder,
    shown: Spec,
    wanted: Spec,
    other: Spec,
    outbox: Outbox,
    peer: Peer,
    connected: bool,
    line: VecDeque<Vec<u8>>,
    /// The page at each rev.
    pages: HashMap<u64, PatchNode>,
    emits: u64,
    /// The largest flush and the largest burst so far.
    most: usize,
}

impl World {
    fn new(shown: Spec, other: Spec, bounds: Bounds, knows: (bool, Forms)) -> Self {
        let mut builder = Builder::default();
        let mut tree = Tree::empty();
        tree.flush(builder.updates(None, &shown, true), &mut Discard).expect("a page");
        let page = document(&tree);
        Self {
            bounds,
            knows,
            lower: false,
            outbox: Outbox::new(1, bounds),
            peer: Peer::new(&page),
            pages: HashMap::from([(0, page)]),
            wanted: shown.clone(),
            tree,
            builder,
            shown,
            other,
            connected: false,
            line: VecDeque::new(),
            emits: 0,
            most: 0,
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Edit(seed) => {
                self.wanted = evolve(&self.wanted, &self.other, &mut Dice::Seed(*seed));
                self.render();
            }
            Step::Send => self.send(),
            Step::Deliver => self.deliver(),
            Step::Ack => self.acknowledge(),
            Step::Refetch(which) if self.connected => self.refetch(*which),
            Step::Emit => {
                let effect = Effect::Emit { name: (self.emits + 1).to_string().into(), json: "".into() };
                self.emits += u64::from(self.outbox.add(effect).is_ok());
            }
            Step::Focus(index) => {
                let hid = *index.get(&self.peer.hids());
                assert!(self.outbox.add(Effect::Focus { hid }).is_ok());
            }
            Step::Cut => self.cut(),
            Step::Connect { lower } => self.connect(*lower),
            Step::Refetch(_) => {}
        }
        self.check();
    }

    /// Render what is wanted, if the window is open: the way of a session.
    fn render(&mut self) {
        if !self.connected || !self.outbox.is_open(0) {
            return;
        }
        let updates = self.builder.updates(Some(&self.shown), &self.wanted, false);
        let mut ops = Encoder::new(self.lower);
        self.tree.flush(updates, &mut ops).expect("a page");
        self.shown = self.wanted.clone();
        let ops = ops.finish();
        self.most = self.most.max(ops.len());
        self.outbox.push(&ops);
    }

    fn send(&mut self) {
        if !self.connected {
            return;
        }
        self.render();
        let (before, whole) = (self.outbox.rev(), self.outbox.is_whole());
        if self.outbox.seal(&self.tree, 0).expect("no limit") && (whole || self.outbox.rev() > before) {
            let page = document(&self.tree);
            self.pages.insert(self.outbox.rev(), if self.lower { lowered(&page) } else { page });
        }
        if let Some(part) = self.outbox.take() {
            self.most = self.most.max(part.len());
            self.line.push_back(part);
        }
    }

    fn deliver(&mut self) {
        let Some(message) = self.line.pop_front() else { return };
        let applied = self.peer.applied.len();
        self.peer.receive(&message);
        if self.peer.applied.len() > applied {
            assert_eq!(self.pages[&self.peer.rev], self.peer.model.to_node(), "the page of rev {}", self.peer.rev);
        }
    }

    fn acknowledge(&mut self) {
        if self.connected {
            self.outbox.acknowledge(self.peer.rev);
        }
    }

    fn refetch(&mut self, which: Option<Index>) {
        let hid = which.map_or(0, |index| *index.get(&self.peer.hids()));
        if hid == 0 {
            self.acknowledge();
            self.peer.waits_for_snapshot = true;
        }
        self.outbox.refetch(hid);
    }

    fn cut(&mut self) {
        self.connected = false;
        self.line.clear();
        self.peer.cut();
    }

    fn connect(&mut self, lower: bool) {
        self.cut();
        self.connected = true;
        let had = self.outbox.rev();
        let resumes = self.outbox.resumes(self.peer.rev, lower);
        let (deflate, forms) = self.knows;
        let client = Client { deflate, forms, lower, burst_bytes: usize::MAX };
        assert_eq!(resumes, self.outbox.attach(client, Some(self.peer.rev)));
        assert!(!resumes || self.peer.rev <= had);
        self.lower = lower;
    }

    fn check(&self) {
        assert!(self.outbox.kept() <= self.bounds.ring_bursts);
        let burst = 2 * self.most + self.pages.values().map(|page| node::encode(page, false).len()).max().unwrap_or(0);
        let most = self.bounds.ring_bytes + self.bounds.window_bytes + 16 * 1024 + 2 * burst;
        assert!(self.outbox.held_bytes() <= most, "{} bytes are held, at most {most}", self.outbox.held_bytes());
    }

    /// Let everything arrive.
    fn finish(&mut self) {
        if !self.connected {
            self.connect(self.lower);
        }
        let mut quiet = 0;
        while quiet < 2 {
            self.send();
            quiet = if self.line.is_empty() { quiet + 1 } else { 0 };
            self.deliver();
            self.acknowledge();
            self.check();
        }
        let page = document(&self.tree);
        assert_eq!(self.shown, self.wanted, "all was rendered");
        assert_eq!(if self.lower { lowered(&page) } else { page }, self.peer.model.to_node());
        let emits: Vec<u64> = (1..=self.emits).collect();
        assert_eq!(emits, self.peer.emitted, "what is owed arrives once and in order");
        assert_eq!(0, self.outbox.held_bytes(), "nothing is held when all is acknowledged");
    }
}

fn bounds() -> impl Strategy<Value = Bounds> {
    let ring_bursts = prop_oneof![Just(0_usize), Just(3), Just(100)];
    let ring_bytes = prop_oneof![Just(200_usize), Just(256 * 1024)];
    let window_bytes = prop_oneof![Just(0_usize), Just(300), Just(32 * 1024)];
    let part_bytes = prop_oneof![Just(7_usize), Just(64 * 1024)];
    (ring_bursts, ring_bytes, window_bytes, part_bytes).prop_map(
        |(ring_bursts, ring_bytes, window_bytes, part_bytes)| Bounds {
            ring_bursts,
            ring_bytes,
            window_bytes,
            part_bytes,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_burst_gives_the_client_the_page_of_its_rev(
        pages in (page(), page()), bounds in bounds(), steps in vec(step(), 1..80),
        (deflate, templates, texts) in any::<(bool, bool, bool)>(),
    ) {
        let mut world = World::new(pages.0, pages.1, bounds, (deflate, Forms { templates, texts }));
        world.connect(false);
        for step in &steps {
            world.step(step);
        }
        world.finish();
    }
}
