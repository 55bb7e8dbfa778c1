"""From arrival to habit: welcome, introduction, first action, relay pairing, onboarded, lapse, launch."""
